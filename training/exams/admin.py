"""Exams in the back office: for looking only. Papers and questions, which hold answers, stay out."""

from django.contrib import admin

from alliance.core.backoffice import ReadOnlyAdmin
from alliance.core.choices import Permission

from .models import Exam, ExamResult, Retraining, Station, StationResult


@admin.register(Exam)
class ExamAdmin(ReadOnlyAdmin):
    """Exams."""

    needed = Permission.PROGRAMME_MANAGE
    list_display = ("name", "kind", "pass_mark", "attempts_allowed", "is_active")
    list_filter = ("kind", "is_active")


@admin.register(Station)
class StationAdmin(ReadOnlyAdmin):
    """Simulation stations."""

    needed = Permission.PROGRAMME_MANAGE
    list_display = ("code", "name", "kind", "metric", "threshold", "is_active")
    list_filter = ("kind", "is_active")


@admin.register(ExamResult)
class ExamResultAdmin(ReadOnlyAdmin):
    """Results of exams."""

    needed = Permission.TRAINING_VIEW
    list_display = ("exam", "practitioner", "institution", "held_on", "score", "passed")
    list_select_related = ("exam", "practitioner", "institution")
    list_filter = ("passed",)


@admin.register(StationResult)
class StationResultAdmin(ReadOnlyAdmin):
    """Station results."""

    needed = Permission.TRAINING_VIEW
    list_display = ("station", "practitioner", "institution", "held_on", "value", "passed")
    list_select_related = ("station", "practitioner", "institution")
    list_filter = ("passed",)


@admin.register(Retraining)
class RetrainingAdmin(ReadOnlyAdmin):
    """Retrainings."""

    needed = Permission.TRAINING_VIEW
    list_display = ("practitioner", "institution", "due_on", "done_on")
    list_select_related = ("practitioner", "institution")
