"""Endpoints of insights."""

from rest_framework.routers import SimpleRouter

from .api import BookingRefusalViewSet, DeviceUseViewSet

router = SimpleRouter()
router.register("device-use", DeviceUseViewSet, basename="device-use")
router.register("booking-refusals", BookingRefusalViewSet, basename="booking-refusal")

urlpatterns = router.urls
