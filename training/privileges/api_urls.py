"""Endpoints of privileges."""

from rest_framework.routers import SimpleRouter

from .api import PrivilegeViewSet

router = SimpleRouter()
router.register("privileges", PrivilegeViewSet, basename="privilege")

urlpatterns = router.urls
