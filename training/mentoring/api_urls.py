"""Endpoints of mentoring."""

from rest_framework.routers import SimpleRouter

from .api import PostingViewSet

router = SimpleRouter()
router.register("postings", PostingViewSet, basename="posting")

urlpatterns = router.urls
