"""What must never be false of waiting lists, charges and feeds is refused by the database."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from equipment.bookings.models import CalendarFeed, Charge, WaitingEntry, WaitingOffer
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


def test_one_running_feed_for_each_calendar(world):
    CalendarFeed.objects.create(user=world.doctor, digest="a" * 64)
    refused(
        "bookings_feed_one_running",
        lambda: CalendarFeed.objects.create(user=world.doctor, digest="b" * 64),
    )
    CalendarFeed.objects.update(revoked_at=timezone.now())
    CalendarFeed.objects.create(user=world.doctor, digest="b" * 64)
