"""Endpoints of standards."""

from rest_framework.routers import SimpleRouter

from .api import AdmissionViewSet

router = SimpleRouter()
router.register("admissions", AdmissionViewSet, basename="admission")

urlpatterns = router.urls
