"""Endpoints of service."""

from rest_framework.routers import SimpleRouter

from .api import MaintenancePlanViewSet, OutageViewSet, ServiceRecordViewSet, WorkOrderViewSet

router = SimpleRouter()
router.register("work-orders", WorkOrderViewSet, basename="work-order")
router.register("outages", OutageViewSet, basename="outage")
router.register("maintenance-plans", MaintenancePlanViewSet, basename="maintenance-plan")
router.register("service-records", ServiceRecordViewSet, basename="service-record")

urlpatterns = router.urls
