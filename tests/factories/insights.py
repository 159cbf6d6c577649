"""Use of devices in the past, for tests of insights."""

from datetime import timedelta

from django.utils import timezone

from equipment.bookings.models import BookingRefusal
from tests.factories.bookings import bare


def ago(days, hour=10):
    """A whole hour some days ago."""
    local = timezone.localtime() - timedelta(days=days)
    return local.replace(hour=hour, minute=0, second=0, microsecond=0)


def used(world, device, days, *, hour=10, hours=1, **more):
    """A completed booking of two hours, used for so many."""
    at = ago(days, hour)
    times = {"used_from": at, "used_until": at + timedelta(hours=hours)}
    return bare(world, device=device, starts_at=at, status="completed", **times | more)


def refusal(world, device, *, days=3, ahead=2, codes=("taken",), **more):
    """The township was refused a device so many days ago, for a time some days later."""
    at = ago(days)
    values = {
        "alliance": world.alliance,
        "institution": world.township,
        "type": device.type,
        "device": device,
        "codes": list(codes),
        "starts_at": at + timedelta(days=ahead),
        "ends_at": at + timedelta(days=ahead, hours=1),
        "by": world.doctor,
        "at": at,
    }
    return BookingRefusal.objects.create(**values | more)
