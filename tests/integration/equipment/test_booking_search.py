"""The search where a technique says nothing of devices, and where the day is over."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.access.cast import signed_in
from tests.factories import bookings as make
from tests.factories.bookings import booked, lent
from tests.factories.devices import needed

pytestmark = pytest.mark.django_db


@pytest.fixture
def device(world):
    """The county's laparoscope, on record for another technique than the doctor's."""
    make.may_operate(world)
    found = lent(world)
    needed(found.type, world.appendectomy)
    return found


def test_a_technique_of_which_no_device_is_on_record_takes_any(world, device):
    browser = signed_in(world.doctor)
    asked = {"technique": world.debridement.code}
    page = browser.get(reverse("bookings:search"), asked)
    assert page.context["groups"] == []
    (kind, url) = page.context["kinds"][0]
    assert kind == device.type
    found = browser.get(reverse("bookings:search") + url)
    (row,) = found.context["groups"][0]["rows"]
    assert row["found"].offer.device == device
    assert f"technique={world.debridement.code}" in row["slots"][0][1]
    assert booked(world, device=device).technique == world.debridement


def test_days_that_are_over_are_not_searched(world, device):
    day = timezone.localdate() - timedelta(days=1)
    asked = {"technique": world.debridement.code, "on": day.isoformat()}
    page = signed_in(world.doctor).get(reverse("bookings:search"), asked)
    assert page.status_code == 422
    assert "This day has passed" in str(page.context["form"].errors["on"])
