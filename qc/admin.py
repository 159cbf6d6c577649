"""Findings and runs in the back office: for looking only."""

from django.contrib import admin

from alliance.core.backoffice import ReadOnlyAdmin
from alliance.core.choices import Permission

from .models import CheckRun, Finding


@admin.register(Finding)
class FindingAdmin(ReadOnlyAdmin):
    """What checks found."""

    needed = Permission.FINDING_VIEW
    list_display = ("check_code", "institution", "severity", "opened_on", "cleared_on", "owner")
    list_select_related = ("institution", "owner")
    list_filter = ("severity", "check_code")


@admin.register(CheckRun)
class CheckRunAdmin(ReadOnlyAdmin):
    """Runs of checks."""

    needed = Permission.CHECK_RUN
    list_display = ("check_code", "day", "state", "found", "opened", "cleared", "finished_at")
    list_filter = ("state", "check_code")
