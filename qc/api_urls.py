"""API routes of quality control."""

from rest_framework.routers import SimpleRouter

from .api import FindingViewSet

router = SimpleRouter()
router.register("findings", FindingViewSet, basename="finding")

urlpatterns = router.urls
