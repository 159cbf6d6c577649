"""Endpoints of tours."""

from rest_framework.routers import SimpleRouter

from .api import PlaceViewSet, StopViewSet, TourViewSet

router = SimpleRouter()
router.register("tours", TourViewSet, basename="tour")
router.register("tour-stops", StopViewSet, basename="tour-stop")
router.register("tour-places", PlaceViewSet, basename="tour-place")

urlpatterns = router.urls
