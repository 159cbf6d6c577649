"""Prices: what the table refuses, how they are set and ended, and what others are told."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from alliance.core.errors import StaleVersion
from alliance.core.models import AuditEntry
from equipment.tariffs import actions, selectors
from equipment.tariffs.models import Price
from tests.factories.alliance import LONG_AGO
from tests.factories.devices import DeviceFactory
from tests.factories.tariffs import priced

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


@pytest.fixture
def device(world):
    return DeviceFactory(owner=world.county)


def refused(name, write):
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        write()


def test_the_table_keeps_prices_in_order(world, device):
    price = priced(world, type_=device.type)
    row = Price.objects.filter(pk=price.pk)
    for name, values in [
        ("tariffs_price_subject", {"device": device}),
        ("tariffs_price_subject", {"type": None}),
        ("tariffs_price_words", {"unit": "day"}),
        ("tariffs_price_words", {"tier": "village"}),
        ("tariffs_price_amount", {"amount": -1}),
        ("tariffs_price_period", {"valid_until": LONG_AGO - timedelta(days=1)}),
    ]:
        refused(name, lambda values=values: row.update(**values))
    refused("tariffs_price_type_once", lambda: priced(world, type_=device.type))
    priced(world, type_=device.type, tier="county")
    priced(world, device=device)
    refused("tariffs_price_device_once", lambda: priced(world, device=device))


def set_(world, device, *, valid_from=TODAY, by=None, amount="300", **more):
    return actions.set_price(
        alliance=world.alliance,
        device_type=device.type,
        unit="hour",
        amount=Decimal(amount),
        valid_from=valid_from,
        on=TODAY,
        by=by or world.office,
        **more,
    )


def test_a_new_price_ends_the_one_before_and_lasts_until_the_next(world, device):
    before = priced(world, type_=device.type)
    ended = priced(world, type_=device.type, tier="county", valid_until=TODAY)
    next_ = set_(world, device, valid_from=TODAY + timedelta(days=30))
    now = set_(world, device, valid_from=TODAY + timedelta(days=3))
    before.refresh_from_db()
    assert before.valid_until == now.valid_from
    assert now.valid_until == next_.valid_from
    assert next_.valid_until is None
    assert set_(world, device, tier="county").valid_until is None
    ended.refresh_from_db()
    assert ended.version == 1
    line = AuditEntry.objects.filter(action="price.set").latest("pk")
    assert line.data["tier"] == "county"


def test_a_price_is_set_by_the_office_for_days_to_come(world, device):
    set_(world, device)
    with pytest.raises(ValidationError, match="Another price begins"):
        set_(world, device)
    with pytest.raises(ValidationError, match="from today"):
        set_(world, device, valid_from=TODAY - timedelta(days=1))
    with pytest.raises(PermissionDenied):
        set_(world, device, by=world.manager)


def test_a_price_ends_on_a_day(world, device):
    price = priced(world, type_=device.type)
    end = {"price": price, "on": TODAY, "by": world.office}
    with pytest.raises(PermissionDenied):
        actions.end_price(**{**end, "by": world.qc}, valid_until=TODAY, version=1)
    with pytest.raises(StaleVersion):
        actions.end_price(**end, valid_until=TODAY, version=7)
    with pytest.raises(ValidationError, match="today or later"):
        actions.end_price(**end, valid_until=TODAY - timedelta(days=1), version=1)
    ended = actions.end_price(**end, valid_until=TODAY, version=1)
    assert (ended.valid_until, ended.version) == (TODAY, 2)
    assert not Price.objects.in_force(TODAY).exists()


def test_a_price_that_never_counted_leaves_its_day_free(world, device):
    coming = set_(world, device, valid_from=TODAY + timedelta(days=3))
    actions.end_price(
        price=coming, valid_until=coming.valid_from, on=TODAY, version=1, by=world.office
    )
    assert set_(world, device, valid_from=coming.valid_from).valid_until is None


def test_prices_are_seen_within_the_alliance(world, device):
    priced(world, type_=device.type)
    seen = Price.objects.for_list()
    assert seen.visible_to(world.doctor).count() == seen.visible_to(world.office).count() == 1
    assert not seen.visible_to(world.outsider).exists()
    assert Price.objects.lasting(TODAY).count() == 1
    world.township.memberships.update(valid_until=TODAY)
    assert not seen.visible_to(world.doctor).exists()


def test_what_a_use_costs(world, device, django_assert_num_queries):
    other = DeviceFactory(owner=world.tertiary)
    priced(world, type_=device.type)
    priced(world, device=other, tier="township", unit="use", amount="80")
    starts = timezone.now()
    asked = {"alliance_id": world.alliance.pk, "starts_at": starts, "on": TODAY}
    asked |= {"ends_at": starts + timedelta(minutes=75), "devices": [device, other]}
    with django_assert_num_queries(4):
        found = selectors.quotes(
            **asked, institution_id=world.township.pk, technique_id=world.debridement.pk
        )
    assert found[device.pk].amount == Decimal("300.00")
    assert found[other.pk].amount == Decimal("80.00")
    free = selectors.quotes(
        **asked, institution_id=world.township.pk, technique_id=world.appendectomy.pk
    )
    assert {quote.free_reason for quote in free.values()} == {"advanced"}
    one = {name: value for name, value in asked.items() if name != "devices"}
    own = selectors.quote(
        **one, device=device, institution_id=world.county.pk, technique_id=world.gastrectomy.pk + 99
    )
    assert (own.amount, own.free_reason) == (0, "own")
    none = selectors.quote(**one, device=other, institution_id=world.county.pk, technique_id=None)
    assert none.amount == Decimal("300.00")
