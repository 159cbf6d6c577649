"""What the rest of the platform may ask about equipment."""

from .bookings.selectors import Slot, free_slots
from .service.selectors import device_in_service, pairs_in_service

__all__ = ["Slot", "device_in_service", "free_slots", "pairs_in_service"]
