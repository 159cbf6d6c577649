"""Admissions in the back office: for looking only."""

from django.contrib import admin

from alliance.core.backoffice import ReadOnlyAdmin
from alliance.core.choices import Permission

from .models import Admission


@admin.register(Admission)
class AdmissionAdmin(ReadOnlyAdmin):
    """Which institution is admitted for which technique."""

    needed = Permission.ADMISSION_REVIEW
    list_display = ("institution", "technique", "status", "valid_from", "valid_until")
    list_select_related = ("institution", "technique")
    list_filter = ("status",)
    search_fields = ("technique__code", "technique__name", "institution__name")
