"""Repeating bookings: refused at once where they reach too far, cancelled together, one wish."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from alliance.core.errors import DomainError
from alliance.notices.models import Notice
from equipment.bookings import actions, notices
from equipment.bookings.models import Booking, BookingRefusal, BookingSeries
from equipment.insights import policies
from equipment.insights.scope import Scope
from equipment.insights.selectors import best, demand
from tests.access.cast import signed_in
from tests.factories import bookings as make
from tests.factories.alliance import staff
from tests.factories.bookings import HOUR, soon

pytestmark = pytest.mark.django_db


@pytest.fixture
def device(world):
    make.may_operate(world)
    return make.lent(world, asset_number="2023-0080")


def weekly(world, device, count):
    return actions.book_series(
        devices=[device], institution=world.township, operator=world.practitioner,
        technique=world.debridement, starts_at=soon(), ends_at=soon() + HOUR, every="7",
        count=count, by=world.doctor, at=timezone.now(),
    )  # fmt: skip


def test_what_reaches_too_far_ahead_is_refused_at_once(world, device):
    with pytest.raises(ValidationError, match="13 times at most"):
        weekly(world, device, 53)
    assert not BookingRefusal.objects.exists()
    assert not BookingSeries.objects.exists()


def test_what_is_left_of_a_series_is_cancelled_together(world, device):
    outcome = weekly(world, device, 4)
    doctor, series = signed_in(world.doctor), outcome.series
    second = outcome.booked[1]
    page = doctor.get(second.get_absolute_url())
    assert page.context["series"]["row"] == series
    url = reverse("bookings:series_cancel", args=[series.public_id])
    assert doctor.post(url, {"reason": ""}).status_code == 422
    since = timezone.localtime(second.starts_at).isoformat()
    assert doctor.post(url, {"reason": "停课", "since": since}).status_code == 302
    states = Booking.objects.filter(series=series).order_by("starts_at")
    assert [one.status for one in states] == ["confirmed", *["cancelled"] * 3]
    page = doctor.get(reverse("bookings:series", args=[series.public_id]))
    assert (page.context["left"], page.context["total"]) == (1, Decimal(0))
    assert doctor.post(url, {"reason": "停课"}).status_code == 302
    with pytest.raises(DomainError, match="Nothing of this series"):
        actions.cancel_series(series=series, reason="停课", by=world.doctor, at=timezone.now())


def test_one_press_is_one_wish(world, device):
    """However many times of a series were taken."""
    for week in (1, 2, 3):
        make.bare(
            world, device=device, operator=make.another(world),
            starts_at=soon() + timedelta(days=7 * week),
        )  # fmt: skip
    weekly(world, device, 4)
    assert BookingRefusal.objects.count() == 3
    at = timezone.now() + HOUR
    scope = Scope(policies.places(world.manager, on=at.date())[0], 30, at)
    assert demand.reasons(scope) == [("taken", 1)]
    assert set(best._refused(scope).values()) <= {1}


def test_a_device_that_comes_back_with_limits_is_told_to_its_keeper(world, device):
    keeper = staff("equipment_keeper", institution=world.county)
    row = make.bare(
        world, device=device, starts_at=soon(0, 0), status="in_use", used_from=soon(0, 0)
    )
    actions.check_out(
        booking=row, conditions={device.pk: ("limited", "探头接口松动")}, by=world.doctor,
        at=timezone.now(),
    )  # fmt: skip
    notices.tell(event_id=row.events.get().pk)
    told = Notice.objects.get(user=keeper, text_key="booking.worn")
    assert "探头接口松动" in told.values["condition"]
    assert told.url == reverse("service:report", args=[device.public_id])
