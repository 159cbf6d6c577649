"""What follows from a use: its charge is settled."""

from collections.abc import Collection
from typing import Any

from django.dispatch import receiver
from django.utils import timezone

from ..choices import Act
from ..signals import bookings_changed
from . import actions


@receiver(bookings_changed, dispatch_uid="bookings.settle")
def settle(sender: Any, *, booking_ids: Collection[int], act: str, **kwargs: Any) -> None:
    """Same transaction: an ended use has its charge."""
    if act == Act.CHECK_OUT:
        actions.settle_uses(booking_ids=booking_ids, at=timezone.now())
