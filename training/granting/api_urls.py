"""Endpoints of granting."""

from rest_framework.routers import SimpleRouter

from .api import ApplicationViewSet

router = SimpleRouter()
router.register("privilege-applications", ApplicationViewSet, basename="privilege-application")

urlpatterns = router.urls
