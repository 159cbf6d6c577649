"""Endpoints of bookings."""

from rest_framework.routers import SimpleRouter

from .api import AvailabilityViewSet, BookingViewSet
from .charges.api import BookingPriceViewSet, ChargeViewSet
from .feeds.api import BookingFeedViewSet
from .waiting.api import WaitingEntryViewSet

# Identifiers are matched by converters, so that the document knows them as UUIDs.
router = SimpleRouter(use_regex_path=False)
router.register("bookings", BookingViewSet, basename="booking")
router.register("waiting-entries", WaitingEntryViewSet, basename="waiting_entry")
router.register("charges", ChargeViewSet, basename="charge")
router.register("booking-prices", BookingPriceViewSet, basename="booking_price")
router.register("booking-feeds", BookingFeedViewSet, basename="booking_feed")
router.register("availability", AvailabilityViewSet, basename="availability")

urlpatterns = router.urls
