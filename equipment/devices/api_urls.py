"""Endpoints of devices."""

from rest_framework.routers import SimpleRouter

from .api import DeviceTypeViewSet, DeviceViewSet

router = SimpleRouter()
router.register("devices", DeviceViewSet, basename="device")
router.register("device-types", DeviceTypeViewSet, basename="device-type")

urlpatterns = router.urls
