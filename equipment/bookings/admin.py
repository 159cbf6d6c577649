"""Bookings in the back office: for looking only."""

from django.contrib import admin

from alliance.core.backoffice import ReadOnlyAdmin
from alliance.core.choices import Permission

from .models import Booking

# Who has what when, and nothing about the patient: that is told on its page, to whom it concerns.
_BOOKING = (
    "alliance",
    "institution",
    "place",
    "technique",
    "operator",
    "mentor",
    "mentor_word",
    "is_supervised",
    "starts_at",
    "ends_at",
    "status",
    "used_from",
    "used_until",
    "consumables",
    "is_late",
    "is_excused",
    "affected_at",
    "affected_code",
    "held_up_at",
    "reminded_at",
    "created_by",
    "version",
    "created_at",
    "updated_at",
)


@admin.register(Booking)
class BookingAdmin(ReadOnlyAdmin):
    """Who has which device when."""

    needed = Permission.EQUIPMENT_VIEW
    fields = readonly_fields = _BOOKING
    list_display = ("institution", "technique", "operator", "starts_at", "ends_at", "status")
    list_select_related = ("institution", "technique", "operator")
    list_filter = ("status",)
