"""People waiting, offers and charges for tests: bare rows, no questions asked."""

from contextlib import contextmanager
from datetime import timedelta

from django.utils import timezone

from equipment.bookings.models import Charge, WaitingEntry, WaitingOffer
from equipment.devices.models import Device
from equipment.service.models import Outage
from tests.factories.bookings import soon
from tests.factories.devices import DeviceFactory


def waiting(world, *, device=None, hours=(8, 18), **more):
    """The township waits for an hour with a device, two days from now."""
    device = device or DeviceFactory(owner=world.county)
    values = {
        "alliance": world.alliance,
        "institution": world.township,
        "type": device.type,
        "device": device,
        "technique": world.debridement,
        "operator": world.practitioner,
        "minutes": 60,
        "wanted_from": soon(hour=hours[0]),
        "wanted_until": soon(hour=hours[1]),
        "created_by": world.doctor,
    }
    return WaitingEntry.objects.create(**values | more)


@contextmanager
def nothing_free():
    """All devices are out of service meanwhile: what is free is booked, not waited for."""
    since = timezone.now() - timedelta(hours=1)
    outs = [
        Outage(device=device, starts_at=since, reason="fault") for device in Device.objects.all()
    ]
    made = Outage.objects.bulk_create(outs)
    yield
    Outage.objects.filter(pk__in=[one.pk for one in made]).delete()


def offer(entry, **more):
    """A time offered to somebody who waits."""
    starts_at = more.pop("starts_at", soon(hour=9))
    values = {
        "entry": entry,
        "device": entry.device,
        "starts_at": starts_at,
        "ends_at": starts_at + timedelta(hours=1),
        "block_from": starts_at - timedelta(minutes=15),
        "block_until": starts_at + timedelta(minutes=90),
        "answer_by": timezone.now() + timedelta(hours=1),
    }
    return WaitingOffer.objects.create(**values | more)


def charge(booking, **more):
    """What the use of a booking's first device cost: 60 yuan."""
    device = booking.lines.first().device
    values = {
        "alliance": booking.alliance,
        "booking": booking,
        "device": device,
        "payer": booking.institution,
        "payee": device.owner,
        "used_on": timezone.localdate(),
        "minutes": 60,
        "booked_amount": 120,
        "amount": 60,
        "basis": "hour",
        "price": 60,
        "counted_minutes": 60,
        "settled_at": timezone.now(),
    }
    return Charge.objects.create(**values | more)
