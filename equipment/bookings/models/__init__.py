"""Tables of bookings."""

from .bookings import (
    BookedDevice,
    BookedPerson,
    Booking,
    BookingEvent,
    BookingRefusal,
    BookingSeries,
)

__all__ = [
    "BookedDevice",
    "BookedPerson",
    "Booking",
    "BookingEvent",
    "BookingRefusal",
    "BookingSeries",
]
