"""A use that ends holds nobody up any more."""

from collections.abc import Collection
from typing import Any

from django.dispatch import receiver
from django.utils import timezone

from ..choices import Act
from ..signals import bookings_changed
from . import actions


@receiver(bookings_changed, dispatch_uid="bookings.call_off")
def call_off(sender: Any, *, booking_ids: Collection[int], act: str, **kwargs: Any) -> None:
    """Same transaction: who waited for the device hears that it is back."""
    if act == Act.CHECK_OUT:
        actions.call_off(booking_ids=booking_ids, at=timezone.now())
