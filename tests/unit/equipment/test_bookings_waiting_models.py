"""What must never be false of waiting lists, charges and feeds is refused by the database."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from equipment.bookings.models import (
    AgreedPrice,
    CalendarFeed,
    Charge,
    WaitingEntry,
    WaitingOffer,
)
from equipment.tariffs.models import Price
from tests.factories.alliance import LONG_AGO
from tests.factories.bookings import bare, soon
from tests.factories.bookings_waiting import charge, offer, waiting

pytestmark = pytest.mark.django_db


def refused(name, write):
    with pytest.raises(IntegrityError, match=f'"{name}"'), transaction.atomic():
        write()


@pytest.mark.parametrize(
    ("values", "name"),
    [
        ({"state": "asleep", "ended_at": soon()}, "bookings_waiting_state"),
        ({"wanted_until": soon(-9)}, "bookings_waiting_window"),
        ({"minutes": 3}, "bookings_waiting_window"),
        ({"state": "left"}, "bookings_waiting_ended"),
        ({"ended_at": soon()}, "bookings_waiting_ended"),
    ],
)
def test_an_entry_keeps_its_order(world, values, name):
    waiting(world)
    refused(name, lambda: WaitingEntry.objects.update(**values))


def test_nobody_waits_with_themselves_as_mentor(world):
    waiting(world)
    refused(
        "bookings_waiting_mentor",
        lambda: WaitingEntry.objects.update(mentor=world.practitioner),
    )


@pytest.mark.parametrize(
    ("values", "name"),
    [
        ({"answer": "perhaps"}, "bookings_offer_answer"),
        ({"answer": "let_go"}, "bookings_offer_answered_pair"),
        ({"answered_at": soon()}, "bookings_offer_answered_pair"),
        ({"answer": "accepted", "answered_at": soon()}, "bookings_offer_booked_pair"),
        ({"block_from": soon(hour=10)}, "bookings_offer_period"),
    ],
)
def test_an_offer_keeps_its_order(world, values, name):
    offer(waiting(world))
    refused(name, lambda: WaitingOffer.objects.update(**values))


def test_one_offer_at_a_time_for_one_person_and_one_device(world):
    first = offer(waiting(world))
    refused("bookings_offer_one_open", lambda: offer(first.entry, starts_at=soon(hour=14)))
    other = waiting(world, device=first.device)
    refused("bookings_offer_no_overlap", lambda: offer(other, starts_at=soon(hour=10)))
    WaitingOffer.objects.update(answer="let_go", answered_at=timezone.now())
    offer(other)


@pytest.mark.parametrize(
    ("values", "name"),
    [
        ({"amount": -1}, "bookings_charge_amount"),
        ({"reason": "too much"}, "bookings_charge_corrected"),
        ({"timed_by": "longer"}, "bookings_charge_timed_by"),
    ],
)
def test_a_charge_keeps_its_order(world, values, name):
    charge(bare(world))
    refused(name, lambda: Charge.objects.update(**values))


def test_a_use_is_charged_once_and_between_two_houses(world):
    booking = bare(world)
    charge(booking)
    refused("bookings_charge_once", lambda: charge(booking))
    refused("bookings_charge_two_houses", lambda: Charge.objects.update(payee=booking.institution))


def agreed(world):
    """A price of 60 yuan by the hour, agreed for two hours."""
    line = bare(world).lines.get()
    listed = Price.objects.create(
        alliance=world.alliance, device=line.device, unit="hour", amount=60,
        valid_from=LONG_AGO, created_by=world.office,
    )  # fmt: skip
    values = {"basis": "hour", "price": 60, "step_minutes": 1, "counted_minutes": 120}
    return {**values, "line": line, "listed": listed, "amount": 120, "agreed_at": soon()}


@pytest.mark.parametrize(
    ("values", "name"),
    [
        ({"amount": -1}, "bookings_agreed_amount"),
        ({"step_minutes": 0}, "bookings_agreed_amount"),
        ({"listed": None}, "bookings_agreed_basis"),
        ({"free_reason": "advanced"}, "bookings_agreed_basis"),
        ({"listed": None, "price": None, "basis": "", "amount": 0}, "bookings_agreed_basis"),
    ],
)
def test_an_agreed_price_is_a_price_or_a_reason_to_pay_none(world, values, name):
    whole = agreed(world)
    refused(name, lambda: AgreedPrice.objects.create(**whole | values))


def test_an_agreed_price_stays(world):
    AgreedPrice.objects.create(**agreed(world))
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        AgreedPrice.objects.update(amount=1)


def test_one_running_feed_for_each_calendar(world):
    CalendarFeed.objects.create(user=world.doctor, digest="a" * 64)
    refused(
        "bookings_feed_one_running",
        lambda: CalendarFeed.objects.create(user=world.doctor, digest="b" * 64),
    )
    CalendarFeed.objects.update(revoked_at=timezone.now())
    CalendarFeed.objects.create(user=world.doctor, digest="b" * 64)
