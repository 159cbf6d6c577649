"""Endpoints of courses."""

from rest_framework.routers import SimpleRouter

from .api import CourseViewSet, HoursViewSet, SessionViewSet

router = SimpleRouter()
router.register("courses", CourseViewSet, basename="course")
router.register("sessions", SessionViewSet, basename="session")
router.register("education-hours", HoursViewSet, basename="education-hours")

urlpatterns = router.urls
