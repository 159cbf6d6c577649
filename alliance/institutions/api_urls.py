"""API routes of institutions."""

from rest_framework.routers import SimpleRouter

from .api import DepartmentViewSet, InstitutionViewSet

router = SimpleRouter()
router.register("institutions", InstitutionViewSet, basename="institution")
router.register("departments", DepartmentViewSet, basename="department")

urlpatterns = router.urls
