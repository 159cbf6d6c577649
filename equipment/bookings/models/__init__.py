"""Tables of bookings."""

from .bookings import (
    REPEATS_MOST,
    BookedDevice,
    BookedPerson,
    Booking,
    BookingEvent,
    BookingSeries,
)
from .charges import AgreedPrice, Charge
from .feeds import CalendarFeed
from .refusals import BookingRefusal
from .settlements import Settlement
from .waiting import WaitingEntry, WaitingOffer

__all__ = [
    "REPEATS_MOST",
    "AgreedPrice",
    "BookedDevice",
    "BookedPerson",
    "Booking",
    "BookingEvent",
    "BookingRefusal",
    "BookingSeries",
    "CalendarFeed",
    "Charge",
    "Settlement",
    "WaitingEntry",
    "WaitingOffer",
]
