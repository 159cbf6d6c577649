"""Endpoints of programmes."""

from rest_framework.routers import SimpleRouter

from .api import EnrolmentViewSet, ProgrammeViewSet

router = SimpleRouter()
router.register("programmes", ProgrammeViewSet, basename="programme")
router.register("enrolments", EnrolmentViewSet, basename="enrolment")

urlpatterns = router.urls
