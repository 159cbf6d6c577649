"""API routes of the catalogue."""

from rest_framework.routers import SimpleRouter

from .api import DiseaseViewSet, TechniqueViewSet

router = SimpleRouter()
router.register("diseases", DiseaseViewSet, basename="disease")
router.register("techniques", TechniqueViewSet, basename="technique")

urlpatterns = router.urls
