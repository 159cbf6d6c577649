"""What follows for those who wait: freed times are offered, and they are told."""

from collections.abc import Collection
from typing import Any

from django.dispatch import receiver
from django.utils import timezone

from alliance.core import outbox
from equipment.devices.signals import device_availability_changed

from ..choices import Act
from ..models import BookedDevice
from ..signals import bookings_changed
from . import actions, notices

outbox.handler("bookings.offer")(notices.tell_offer)
outbox.handler("bookings.offer_gone")(notices.tell_gone)
# After these a device is free earlier than it was promised.
_FREEING = frozenset({Act.REFUSE, Act.CANCEL, Act.CHECK_OUT, Act.NO_SHOW, Act.LAPSE, Act.MOVE})


@outbox.handler("bookings.serve")
def serve(*, alliance_id: int, type_id: int) -> None:
    """Offer what was freed to those who wait."""
    actions.serve(alliance_id=alliance_id, type_id=type_id, at=timezone.now())


@outbox.handler("bookings.withdraw")
def withdraw(*, device_ids: list[int]) -> None:
    """Take back what cannot be had, and offer what can to those who wait for such devices."""
    actions.withdraw(device_ids=device_ids, at=timezone.now())


@receiver(device_availability_changed, dispatch_uid="bookings.withdraw_offers")
def withdraw_offers(sender: Any, *, device_ids: Collection[int], **kwargs: Any) -> None:
    """After the commit: whoever changed the devices holds them, and serving locks the list first."""
    outbox.put("bookings.withdraw", device_ids=sorted(device_ids))


@receiver(bookings_changed, dispatch_uid="bookings.offer_freed")
def offer_freed(sender: Any, *, booking_ids: Collection[int], act: str, **kwargs: Any) -> None:
    """After the commit: whoever waits for a device of that type is offered what is free now."""
    if act not in _FREEING:
        return
    freed = BookedDevice.objects.filter(booking__in=booking_ids)
    pairs = set(freed.values_list("booking__alliance", "device__type"))
    actions.freed(pairs)
