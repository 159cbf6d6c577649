"""Endpoints of mentoring."""

from rest_framework.routers import SimpleRouter

from .api import MentorshipViewSet, PostingViewSet

router = SimpleRouter()
router.register("mentorships", MentorshipViewSet, basename="mentorship")
router.register("postings", PostingViewSet, basename="posting")

urlpatterns = router.urls
