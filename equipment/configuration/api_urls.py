"""Endpoints of the base configuration."""

from rest_framework.routers import SimpleRouter

from .api import ConfigurationGapViewSet, ConfigurationViewSet

router = SimpleRouter()
router.register("base-configurations", ConfigurationViewSet, basename="base-configuration")
router.register("configuration-gaps", ConfigurationGapViewSet, basename="configuration-gap")

urlpatterns = router.urls
