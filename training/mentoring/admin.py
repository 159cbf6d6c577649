"""Mentorships and postings in the back office: for looking only."""

from django.contrib import admin

from alliance.core.backoffice import ReadOnlyAdmin
from alliance.core.choices import Permission

from .models import GuidanceSession, Mentorship, Posting


@admin.register(Posting)
class PostingAdmin(ReadOnlyAdmin):
    """Dispatch and rotation."""

    needed = Permission.TRAINING_VIEW
    list_display = ("practitioner", "kind", "to_institution", "valid_from", "valid_until", "status")
    list_select_related = ("practitioner", "to_institution")
    list_filter = ("kind", "status")


@admin.register(Mentorship)
class MentorshipAdmin(ReadOnlyAdmin):
    """Who teaches whom."""

    needed = Permission.TRAINING_VIEW
    list_display = ("mentor", "mentee", "technique", "valid_from", "valid_until", "status")
    list_select_related = ("mentor", "mentee", "technique")
    list_filter = ("status",)


@admin.register(GuidanceSession)
class GuidanceSessionAdmin(ReadOnlyAdmin):
    """Guidance on site and remote."""

    needed = Permission.TRAINING_VIEW
    list_display = ("mentor", "institution", "mode", "starts_at", "ends_at")
    list_select_related = ("mentor", "institution")
    list_filter = ("mode",)
