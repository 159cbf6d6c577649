"""Endpoints of exams."""

from rest_framework.routers import SimpleRouter

from .api import ExamResultViewSet, ExamViewSet, StationResultViewSet, StationViewSet

router = SimpleRouter()
router.register("exams", ExamViewSet, basename="exam")
router.register("exam-results", ExamResultViewSet, basename="exam-result")
router.register("stations", StationViewSet, basename="station")
router.register("station-results", StationResultViewSet, basename="station-result")

urlpatterns = router.urls
