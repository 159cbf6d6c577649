"""What follows from bookings: their price is kept, and an ended use has its charge."""

from collections.abc import Collection
from typing import Any

from django.dispatch import receiver
from django.utils import timezone

from ..choices import Act
from ..signals import bookings_changed
from . import actions


@receiver(bookings_changed, dispatch_uid="bookings.settle")
def settle(sender: Any, *, booking_ids: Collection[int], act: str, **kwargs: Any) -> None:
    """Same transaction: what was shown is kept, an ended use has its charge."""
    if act == Act.BOOK:
        actions.agree_prices(booking_ids=booking_ids, at=timezone.now())
    if act == Act.CHECK_OUT:
        actions.settle_uses(booking_ids=booking_ids, at=timezone.now())
