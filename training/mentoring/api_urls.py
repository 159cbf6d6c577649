"""Endpoints of mentoring."""

from rest_framework.routers import SimpleRouter

from .api import GuidanceViewSet, MentorshipViewSet, PostingViewSet

router = SimpleRouter()
router.register("mentorships", MentorshipViewSet, basename="mentorship")
router.register("guidance-sessions", GuidanceViewSet, basename="guidance-session")
router.register("postings", PostingViewSet, basename="posting")

urlpatterns = router.urls
