"""API routes of referrals."""

from django.urls import path
from rest_framework.routers import SimpleRouter

from .api.views import AttachmentViewSet, ReasonCodeViewSet, ReferralViewSet

router = SimpleRouter(use_regex_path=False)
router.register("referrals", ReferralViewSet, basename="referral")
router.register("reason-codes", ReasonCodeViewSet, basename="reason-code")

urlpatterns = [
    *router.urls,
    path(
        "referrals/<uuid:id>/attachments/",
        AttachmentViewSet.as_view({"get": "list", "post": "create"}),
        name="attachment-list",
    ),
    path(
        "referrals/<uuid:id>/attachments/<uuid:attachment_id>/",
        AttachmentViewSet.as_view({"get": "retrieve", "delete": "destroy"}),
        name="attachment-detail",
    ),
]
