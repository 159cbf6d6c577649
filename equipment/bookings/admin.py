"""Bookings in the back office: for looking only."""

from django.contrib import admin

from alliance.core.backoffice import ReadOnlyAdmin
from alliance.core.choices import Permission

from .models import Booking


@admin.register(Booking)
class BookingAdmin(ReadOnlyAdmin):
    """Who has which device when."""

    needed = Permission.EQUIPMENT_VIEW
    list_display = ("institution", "technique", "operator", "starts_at", "ends_at", "status")
    list_select_related = ("institution", "technique", "operator")
    list_filter = ("status",)
