"""What must never be false of bookings is refused by the database itself."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone

from equipment.bookings.choices import LIVE, Status
from equipment.bookings.models import (
    BookedDevice,
    BookedPerson,
    Booking,
    BookingEvent,
    BookingRefusal,
    BookingSeries,
)
from tests.factories.alliance import PractitionerFactory
from tests.factories.bookings import HOUR, bare, soon
from tests.factories.devices import DeviceFactory

pytestmark = pytest.mark.django_db


def refused(name, write):
    with pytest.raises(IntegrityError, match=f'"{name}"'), transaction.atomic():
        write()


@pytest.fixture
def booking(world):
    return bare(world)


def someone_else(world):
    return PractitionerFactory(institution=world.township)


@pytest.mark.parametrize(
    ("values", "name"),
    [
        ({"status": "dreamt"}, "bookings_booking_status"),
        ({"ends_at": soon(-9)}, "bookings_booking_period"),
        ({"is_supervised": True}, "bookings_booking_mentor"),
        ({"mentor_word": "asked"}, "bookings_booking_mentor_word"),
        ({"used_from": soon()}, "bookings_booking_used"),
        ({"status": "in_use"}, "bookings_booking_used"),
        ({"status": "completed", "used_from": soon()}, "bookings_booking_used"),
        (
            {"status": "completed", "used_from": soon(), "used_until": soon()},
            "bookings_booking_used",
        ),
        ({"is_late": True}, "bookings_booking_late"),
        ({"affected_code": "fault"}, "bookings_booking_affected_pair"),
        ({"affected_at": soon()}, "bookings_booking_affected_pair"),
    ],
)
def test_a_booking_keeps_its_order(booking, values, name):
    refused(name, lambda: Booking.objects.filter(pk=booking.pk).update(**values))


def test_nobody_is_their_own_mentor(world, booking):
    rows = Booking.objects.filter(pk=booking.pk)
    refused("bookings_booking_mentor", lambda: rows.update(mentor=booking.operator))


@pytest.mark.parametrize(
    ("values", "name"),
    [
        ({"block_until": soon(-9)}, "bookings_bookeddevice_period"),
        ({"approved_at": soon()}, "bookings_bookeddevice_approved"),
        ({"condition": "new"}, "bookings_bookeddevice_condition"),
    ],
)
def test_a_line_keeps_its_order(booking, values, name):
    refused(name, lambda: BookedDevice.objects.update(**values))


def test_a_device_is_approved_only_where_it_must_be(world, booking):
    values = {"approved_at": soon(), "approved_by": world.manager}
    refused("bookings_bookeddevice_approved", lambda: BookedDevice.objects.update(**values))
    BookedDevice.objects.update(needs_approval=True, **values)


@pytest.mark.parametrize(
    ("values", "name"),
    [
        ({"role": "singer"}, "bookings_bookedperson_role"),
        ({"ends_at": soon(-9)}, "bookings_bookedperson_period"),
    ],
)
def test_a_person_keeps_their_order(booking, values, name):
    refused(name, lambda: BookedPerson.objects.update(**values))


def test_a_booking_names_each_device_and_role_once(world, booking):
    line, person = booking.lines.get(), booking.people.get()
    late = {"booking": booking, "block_from": soon(9), "block_until": soon(10)}
    refused(
        "bookings_bookeddevice_once",
        lambda: BookedDevice.objects.create(device=line.device, **late),
    )
    times = {"starts_at": soon(9), "ends_at": soon(10)}
    refused(
        "bookings_bookedperson_once",
        lambda: BookedPerson.objects.create(
            booking=booking, practitioner=person.practitioner, role="operator", **times
        ),
    )


def test_words_of_the_rest(world, booking):
    refused(
        "bookings_event_words",
        lambda: BookingEvent.objects.create(
            booking=booking, act="sing", target="confirmed", at=timezone.now()
        ),
    )
    refused(
        "bookings_series_repeats",
        lambda: BookingSeries.objects.create(
            alliance=world.alliance, institution=world.township, every="7", count=1,
            created_by=world.doctor,
        ),
    )  # fmt: skip
    device = booking.lines.get().device
    refused(
        "bookings_refusal_codes",
        lambda: BookingRefusal.objects.create(
            institution=world.township, type=device.type, device=device, codes=[], by=world.doctor,
            starts_at=soon(), ends_at=soon(3), at=timezone.now(),
        ),
    )  # fmt: skip


# A booking of two hours from ten; with set-up and cleaning it blocks 09:45 to 12:30.
@pytest.mark.parametrize(
    ("minutes", "fits"),
    [(0, False), (-120, False), (-164, False), (-165, True), (164, False), (165, True)],
)
def test_the_same_hour_is_never_promised_twice(world, booking, minutes, fits):
    device = booking.lines.get().device
    starts_at = booking.starts_at + timedelta(minutes=minutes)

    def again():
        bare(world, device=device, starts_at=starts_at, operator=someone_else(world))

    if fits:
        again()
    else:
        refused("bookings_bookeddevice_no_overlap", again)


@pytest.mark.parametrize(("hours", "fits"), [(1, False), (-1, False), (2, True), (-2, True)])
def test_nobody_is_at_two_places_at_a_time(world, booking, hours, fits):
    """Neither operating here and guiding there."""
    other = DeviceFactory(owner=world.county2)
    starts_at = booking.starts_at + hours * HOUR

    def guide():
        bare(
            world, device=other, starts_at=starts_at, operator=someone_else(world),
            mentor=booking.operator,
        )  # fmt: skip

    if fits:
        guide()
    else:
        refused("bookings_bookedperson_no_overlap", guide)


@pytest.mark.parametrize("status", Status)
def test_a_line_lives_as_long_as_its_booking(world, booking, status):
    """Whoever says otherwise, the database knows better."""
    used = {"used_from": soon()} if status in ("in_use", "completed") else {}
    used |= {"used_until": soon(3)} if status == "completed" else {}
    Booking.objects.filter(pk=booking.pk).update(status=status, **used)
    for rows in (booking.lines, booking.people):
        assert rows.get().is_live is (status in LIVE)
        rows.update(is_live=status not in LIVE)
        assert rows.get().is_live is (status in LIVE)
    born = bare(world, starts_at=soon(9), status=status, **used)
    assert born.lines.get().is_live is (status in LIVE)


def test_what_comes_back_to_life_must_still_fit(world, booking):
    rows = Booking.objects.filter(pk=booking.pk)
    rows.update(status="cancelled")
    bare(world, device=booking.lines.get().device, operator=someone_else(world))
    refused("bookings_bookeddevice_no_overlap", lambda: rows.update(status="confirmed"))


def test_history_is_never_changed(booking, world):
    event = BookingEvent.objects.create(
        booking=booking, act="book", target="confirmed", by=world.doctor, at=timezone.now()
    )
    for write in (event.delete, lambda: BookingEvent.objects.update(reason="x")):
        with pytest.raises(DatabaseError), transaction.atomic():
            write()
