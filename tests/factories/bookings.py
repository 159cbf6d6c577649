"""Bookings for tests of other rooms: bare rows in any state, or reached through actions."""

from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.utils import timezone

from alliance.core.models import PolicySetting
from equipment.bookings import actions
from equipment.bookings.errors import BookingRefused
from equipment.bookings.models import BookedDevice, BookedPerson, Booking
from equipment.bookings.signals import bookings_changed
from tests.factories.alliance import LONG_AGO, PractitionerFactory
from tests.factories.devices import DeviceFactory
from tests.factories.privileges import bare as bare_privilege

HOUR = timedelta(hours=1)


def soon(days=2, hour=10):
    """A whole hour some days from now, within the hours of sharing."""
    local = timezone.localtime() + timedelta(days=days)
    return local.replace(hour=hour, minute=0, second=0, microsecond=0)


def bare(world, *, device=None, starts_at=None, hours=2, **more):
    """The township has a device of the county for two hours, two days from now; no questions asked.

    With 15 minutes to set it up and 30 to clean it, as its type says.
    """
    device = device or DeviceFactory(owner=world.county)
    starts_at = starts_at or soon()
    values = {
        "alliance": world.alliance,
        "institution": world.township,
        "place": world.township,
        "technique": world.debridement,
        "operator": world.practitioner,
        "starts_at": starts_at,
        "ends_at": starts_at + hours * HOUR,
        "status": "confirmed",
        "created_by": world.doctor,
    }
    row = Booking.objects.create(**values | more)
    BookedDevice.objects.create(
        booking=row,
        device=device,
        block_from=row.starts_at - timedelta(minutes=device.setup),
        block_until=row.ends_at + timedelta(minutes=device.cleaning),
    )
    people = {"operator": row.operator, "mentor": row.mentor}
    for role, person in people.items():
        if person is not None:
            BookedPerson.objects.create(
                booking=row, practitioner=person, role=role,
                starts_at=row.starts_at, ends_at=row.ends_at,
            )  # fmt: skip
    return row


def lent(world, **more):
    """A device that the county shares with its alliance."""
    return DeviceFactory(owner=world.county, **more)


def may_operate(world, **more):
    """The township's doctor may close wounds there, by himself unless told otherwise."""
    values = {
        "practitioner": world.practitioner,
        "technique": world.debridement,
        "institution": world.township,
    }
    return bare_privilege(world, **values | more)


def booked(world, *, device=None, by=None, at=None, hours=2, **more):
    """The same as `bare`, asked for by the township's doctor and granted by every rule."""
    starts_at = more.pop("starts_at", None) or soon()
    values = {
        "devices": [device or lent(world)],
        "institution": world.township,
        "operator": world.practitioner,
        "technique": world.debridement,
        "starts_at": starts_at,
        "ends_at": starts_at + hours * HOUR,
    }
    return actions.book(by=by or world.doctor, at=at or timezone.now(), **values | more)


def setting(world, key, value):
    PolicySetting.objects.create(
        alliance=world.alliance, key=f"bookings.{key}", value=value, effective_from=LONG_AGO,
        source="test",
    )  # fmt: skip


@contextmanager
def refused(*codes):
    with pytest.raises(BookingRefused) as caught:
        yield caught
    assert caught.value.codes == list(codes)


@contextmanager
def heard():
    """What other rooms hear meanwhile."""
    found = []

    def listen(sender, booking_ids, act, referral_numbers, **kwargs):
        found.append((booking_ids, act, referral_numbers))

    bookings_changed.connect(listen)
    try:
        yield found
    finally:
        bookings_changed.disconnect(listen)


def another(world):
    """A second doctor of the township who may operate there."""
    person = PractitionerFactory(institution=world.township)
    may_operate(world, practitioner=person)
    return person
