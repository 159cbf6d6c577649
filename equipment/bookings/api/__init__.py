"""Bookings for other systems."""

from .availability import AvailabilityViewSet as AvailabilityViewSet
from .bookings import BookingViewSet as BookingViewSet
