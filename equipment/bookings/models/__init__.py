"""Tables of bookings."""

from .bookings import (
    BookedDevice,
    BookedPerson,
    Booking,
    BookingEvent,
    BookingRefusal,
    BookingSeries,
)
from .charges import Charge
from .feeds import CalendarFeed
from .waiting import WaitingEntry, WaitingOffer

__all__ = [
    "BookedDevice",
    "BookedPerson",
    "Booking",
    "BookingEvent",
    "BookingRefusal",
    "BookingSeries",
    "CalendarFeed",
    "Charge",
    "WaitingEntry",
    "WaitingOffer",
]
