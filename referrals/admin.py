"""The back office of referrals: legs and steps to look at, reasons to maintain."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from alliance.core.access import access_of
from alliance.core.backoffice import ReadOnlyAdmin, RoleAdmin
from alliance.core.choices import Permission

from .actions.reasons import save_reason
from .models import ClockAlert, ReasonCode, Referral, ReferralEvent

# What says how a leg went, and nothing about the patient.
_LEG = (
    "number",
    "alliance",
    "status",
    "direction",
    "urgency",
    "is_back_leg",
    "sender",
    "receiver",
    "specialty",
    "technique",
    "grade",
    "holder",
    "clock",
    "state_since",
    "due_at",
    "next_alert_at",
    "submitted_at",
    "sent_at",
    "closed_at",
    "version",
    "created_at",
    "updated_at",
)


@admin.register(Referral)
class ReferralAdmin(ReadOnlyAdmin):
    """Legs of the alliances one oversees, without anything that tells who the patient is."""

    needed = Permission.REFERRAL_OVERSEE
    fields = readonly_fields = _LEG
    list_display = ("number", "status", "urgency", "sender", "receiver", "holder", "due_at")
    list_select_related = ("sender", "receiver", "holder")
    list_filter = ("status", "direction", "urgency")
    search_fields = ("number__startswith",)
    ordering = ("-created_at", "-pk")


class _OfLegs(ReadOnlyAdmin):
    """Rows that belong to legs: seen where the leg is seen."""

    needed = Permission.REFERRAL_OVERSEE

    def scoped(self, rows: Any, user: Any) -> QuerySet[Any]:
        """Rows of the legs of the alliances one oversees."""
        overseen = access_of(user).alliances_with(Permission.REFERRAL_OVERSEE)
        found: QuerySet[Any] = rows.filter(referral__alliance__in=overseen)
        return found


@admin.register(ReferralEvent)
class ReferralEventAdmin(_OfLegs):
    """Steps: who moved what when; no words."""

    fields = readonly_fields = (
        "referral", "version", "move", "source", "target", "at", "by", "institution",
        "reason_code", "holder", "clock", "due_at",
    )  # fmt: skip
    list_display = ("referral", "version", "move", "source", "target", "at", "institution")
    list_select_related = ("referral", "institution")
    search_fields = ("referral__number__startswith",)
    ordering = ("-pk",)


@admin.register(ClockAlert)
class ClockAlertAdmin(_OfLegs):
    """Who was told of a clock."""

    fields = readonly_fields = ("referral", "due_at", "level", "at")
    list_display = ("referral", "level", "due_at", "at")
    list_select_related = ("referral",)
    list_filter = ("level",)
    search_fields = ("referral__number__startswith",)
    ordering = ("-pk",)


@admin.register(ReasonCode)
class ReasonCodeAdmin(RoleAdmin):
    """Reasons: a wording ends by its date, never by deleting it."""

    needed = editing = Permission.CATALOGUE_MANAGE
    list_display = ("move", "code", "label_zh", "label_en", "valid_from", "valid_until", "rank")
    list_filter = ("move",)
    search_fields = ("code", "label_zh", "label_en")
    ordering = ("move", "rank", "code")

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """By the action, so that the ledger knows."""
        save_reason(reason=obj, by=request.user)
