"""Cases, scales and reviews in the back office: for looking only."""

from django.contrib import admin

from alliance.core.backoffice import ReadOnlyAdmin
from alliance.core.choices import Permission

from .models import Case, CurveReview, RatingScale


@admin.register(Case)
class CaseAdmin(ReadOnlyAdmin):
    """Logbook entries, without what says who the patient is."""

    needed = Permission.CASE_VIEW
    list_display = ("technique", "operator", "performed_on", "institution", "role", "status")
    list_select_related = ("technique", "operator", "institution")
    list_filter = ("status", "role")
    exclude = ("patient", "external_case_number", "referral_number", "notes")


@admin.register(RatingScale)
class RatingScaleAdmin(ReadOnlyAdmin):
    """Scales by which mentors rate."""

    needed = Permission.CASE_VIEW
    list_display = ("code", "edition", "name", "alliance", "is_active")


@admin.register(CurveReview)
class CurveReviewAdmin(ReadOnlyAdmin):
    """Signals and what was decided."""

    needed = Permission.CASE_VIEW
    list_display = ("practitioner", "technique", "cause", "opened_at", "decision")
    list_select_related = ("practitioner", "technique")
    list_filter = ("cause", "decision")
