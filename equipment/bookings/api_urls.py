"""Endpoints of bookings."""

from rest_framework.routers import SimpleRouter

from .api import AvailabilityViewSet, BookingViewSet

# Identifiers are matched by converters, so that the document knows them as UUIDs.
router = SimpleRouter(use_regex_path=False)
router.register("bookings", BookingViewSet, basename="booking")
router.register("availability", AvailabilityViewSet, basename="availability")

urlpatterns = router.urls
