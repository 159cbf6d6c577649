"""Endpoints of exams."""

from rest_framework.routers import SimpleRouter

from .api import ExamResultViewSet, ExamViewSet

router = SimpleRouter()
router.register("exams", ExamViewSet, basename="exam")
router.register("exam-results", ExamResultViewSet, basename="exam-result")

urlpatterns = router.urls
