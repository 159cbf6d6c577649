"""Programmes and enrolments in the back office: for looking only."""

from django.contrib import admin

from alliance.core.backoffice import ReadOnlyAdmin
from alliance.core.choices import Permission

from .models import Enrolment, PriorRecord, Programme, ProgrammeVersion


@admin.register(Programme)
class ProgrammeAdmin(ReadOnlyAdmin):
    """What alliances teach."""

    needed = Permission.PROGRAMME_MANAGE
    list_display = ("name", "kind", "technique", "grade", "is_offered")
    list_select_related = ("technique",)
    list_filter = ("kind", "is_offered")


@admin.register(ProgrammeVersion)
class VersionAdmin(ReadOnlyAdmin):
    """Versions of programmes."""

    needed = Permission.PROGRAMME_MANAGE
    list_display = ("programme", "number", "status", "effective_from")
    list_select_related = ("programme",)
    list_filter = ("status",)


@admin.register(Enrolment)
class EnrolmentAdmin(ReadOnlyAdmin):
    """Who learns what."""

    needed = Permission.TRAINING_VIEW
    list_display = ("practitioner", "programme", "institution", "status", "started_on")
    list_select_related = ("practitioner", "programme", "institution")
    list_filter = ("status",)


@admin.register(PriorRecord)
class PriorRecordAdmin(ReadOnlyAdmin):
    """Records of the past."""

    needed = Permission.TRAINING_VIEW
    list_display = ("practitioner", "title", "kind", "state", "on")
    list_select_related = ("practitioner",)
    list_filter = ("state", "kind")
