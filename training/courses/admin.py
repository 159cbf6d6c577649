"""Courses, sessions and hours in the back office: for looking only."""

from django.contrib import admin

from alliance.core.backoffice import ReadOnlyAdmin
from alliance.core.choices import Permission

from .models import Contest, Course, HoursEntry, KeyDoctor, Session, SimulationCentre


@admin.register(Course)
class CourseAdmin(ReadOnlyAdmin):
    """Courses."""

    needed = Permission.TRAINING_VIEW
    list_display = ("title", "mode", "alliance", "institution", "hours", "is_published")
    list_select_related = ("alliance", "institution")
    list_filter = ("mode", "is_thematic", "is_entry", "is_published")


@admin.register(Session)
class SessionAdmin(ReadOnlyAdmin):
    """Sessions."""

    needed = Permission.TRAINING_VIEW
    list_display = ("course", "starts_at", "institution", "seats", "taken", "closed_at")
    list_select_related = ("course", "institution")
    exclude = ("token",)


@admin.register(HoursEntry)
class HoursAdmin(ReadOnlyAdmin):
    """Education hours."""

    needed = Permission.TRAINING_VIEW
    list_display = ("practitioner", "institution", "on", "hours", "kind", "status")
    list_select_related = ("practitioner", "institution")
    list_filter = ("kind", "status", "is_thematic")


@admin.register(Contest)
class ContestAdmin(ReadOnlyAdmin):
    """Skills contests."""

    needed = Permission.TRAINING_VIEW
    list_display = ("name", "alliance", "held_on", "institution")
    list_select_related = ("alliance", "institution")


@admin.register(KeyDoctor)
class KeyDoctorAdmin(ReadOnlyAdmin):
    """Key doctors."""

    needed = Permission.TRAINING_VIEW
    list_display = ("institution", "practitioner", "valid_from", "valid_until")
    list_select_related = ("institution", "practitioner")


@admin.register(SimulationCentre)
class SimulationCentreAdmin(ReadOnlyAdmin):
    """Simulation centres."""

    needed = Permission.TRAINING_VIEW
    list_display = ("institution", "name", "valid_from", "valid_until")
    list_select_related = ("institution",)
