"""What this room does for the outbox, and when devices on tour fail."""

from collections.abc import Collection
from typing import Any

from django.dispatch import receiver
from django.utils import timezone

from alliance.core import outbox
from equipment.devices.signals import device_availability_changed

from . import notices
from .models import TourDevice

outbox.handler("tours.event")(notices.tell)


@outbox.handler("tours.away")
def tell_away(*, device_ids: list[int]) -> None:
    """Tell who sends these devices on tour that they cannot be used on it."""
    notices.tell_away(device_ids=device_ids, at=timezone.now())


@receiver(device_availability_changed, dispatch_uid="tours.tell_away")
def may_be_away(sender: Any, *, device_ids: Collection[int], **kwargs: Any) -> None:
    """Same transaction: tours that count on these devices are looked at after it."""
    lines: Any = TourDevice.objects.on_tour_after(timezone.now()).filter(device__in=device_ids)
    if held := sorted(set(lines.order_by().values_list("device", flat=True))):
        outbox.put("tours.away", device_ids=held)
