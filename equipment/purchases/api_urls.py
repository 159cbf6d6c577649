"""Endpoints of purchases."""

from rest_framework.routers import SimpleRouter

from .api import PurchaseViewSet

router = SimpleRouter()
router.register("purchases", PurchaseViewSet, basename="purchase")

urlpatterns = router.urls
