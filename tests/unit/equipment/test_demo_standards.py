"""The demo alliance has standards, prices, and a purchase in every state."""

from random import Random

import pytest
from django.utils import timezone

from alliance.core.choices import Role
from equipment.configuration.models import Standard
from equipment.demo.standards import load_prices, load_standards
from equipment.devices.actions import load_starter_types
from equipment.devices.models import Device
from equipment.purchases.choices import Status
from equipment.purchases.models import Purchase
from equipment.tariffs.models import Price
from tests.factories import alliance as make
from training.demo import Scene

pytestmark = pytest.mark.django_db


def test_the_demo_has_a_purchase_in_every_state(world):
    today = timezone.localdate()
    houses = []
    for _number in range(len(Status) + 1):
        house = make.InstitutionFactory()
        make.MembershipFactory(alliance=world.alliance, institution=house)
        make.staff(Role.MANAGER, institution=house)
        houses.append(house)
    load_starter_types()
    counties = [world.county, world.county2]
    scene = Scene(world.alliance, world.tertiary, counties, houses, {}, today, Random(1))  # noqa: S311
    load_prices(scene)
    load_standards(scene)
    assert set(Purchase.objects.values_list("status", flat=True)) == set(Status)
    assert not Purchase.objects.filter(institution=houses[1]).exists()
    assert Standard.objects.in_force(alliance_ids=[world.alliance.pk], on=today).exists()
    assert Price.objects.in_force(today).exists()
    came = Device.objects.order_by("pk").values_list("owner", flat=True)
    assert list(came) == [houses[0].pk, houses[2].pk]
