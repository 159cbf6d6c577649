"""The back office of institutions: alliances and specialties are kept here, the rest is shown."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from alliance.core.backoffice import ReadOnlyAdmin, RoleAdmin
from alliance.core.choices import Permission

from . import actions
from .models import (
    Alliance,
    CalendarDay,
    Department,
    Institution,
    Membership,
    Relation,
    Specialty,
)


@admin.register(Alliance)
class AllianceAdmin(RoleAdmin):
    """Alliances are founded here, by the system administrator."""

    needed = Permission.REFERENCE_VIEW
    editing = Permission.USER_CREATE
    list_display = ["name", "short_name", "kind", "division_code", "is_active"]
    search_fields = ["name", "short_name"]

    def save_model(self, request: HttpRequest, obj: Alliance, form: Any, change: bool) -> None:
        """By the action, so that the ledger knows."""
        actions.save_alliance(alliance=obj, by=request.user)


@admin.register(Specialty)
class SpecialtyAdmin(RoleAdmin):
    """The national list of specialties."""

    needed = Permission.REFERENCE_VIEW
    editing = Permission.USER_CREATE
    list_display = ["code", "name"]
    search_fields = ["code", "name"]

    def save_model(self, request: HttpRequest, obj: Specialty, form: Any, change: bool) -> None:
        """By the action, so that the ledger knows."""
        actions.save_specialty(specialty=obj, by=request.user)


@admin.register(Institution)
class InstitutionAdmin(ReadOnlyAdmin):
    """Institutions; they are changed on their pages."""

    needed = Permission.REFERENCE_VIEW
    list_display = ["name", "tier", "type_code", "uscc", "division_code", "is_active"]
    list_filter = ["tier", "is_active", "is_external"]
    search_fields = ["name", "short_name", "pinyin", "uscc"]


@admin.register(Department)
class DepartmentAdmin(ReadOnlyAdmin):
    """Departments; they are changed on their institution's page."""

    needed = Permission.REFERENCE_VIEW
    list_display = ["name", "code", "institution", "specialty", "is_active"]
    list_select_related = ["institution", "specialty"]
    search_fields = ["name", "pinyin", "institution__name"]


@admin.register(Membership)
class MembershipAdmin(ReadOnlyAdmin):
    """Memberships with their periods."""

    needed = Permission.REFERENCE_VIEW
    list_display = ["institution", "alliance", "role", "help_form", "valid_from", "valid_until"]
    list_select_related = ["institution", "alliance"]
    list_filter = ["role", "help_form"]
    search_fields = ["institution__name", "institution__pinyin"]


@admin.register(Relation)
class RelationAdmin(ReadOnlyAdmin):
    """Cells of the relation matrix."""

    needed = Permission.REFERENCE_VIEW
    list_display = ["sender", "receiver", "direction", "is_allowed", "by_rule", "note"]
    list_select_related = ["sender", "receiver"]
    list_filter = ["direction", "is_allowed", "by_rule"]
    search_fields = ["sender__name", "receiver__name"]


@admin.register(CalendarDay)
class CalendarDayAdmin(ReadOnlyAdmin):
    """Exceptions from the working calendar."""

    needed = Permission.REFERENCE_VIEW
    list_display = ["institution", "day", "is_open", "opens_at", "closes_at", "reason"]
    list_select_related = ["institution"]
    list_filter = ["is_open"]
    search_fields = ["institution__name"]
