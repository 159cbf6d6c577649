"""Tours in the back office: for looking only."""

from django.contrib import admin

from alliance.core.backoffice import ReadOnlyAdmin
from alliance.core.choices import Permission

from .models import Stop, Tour


@admin.register(Tour)
class TourAdmin(ReadOnlyAdmin):
    """Which vehicle is away when."""

    needed = Permission.EQUIPMENT_VIEW
    list_display = ("name", "owner", "vehicle", "starts_at", "ends_at", "status")
    list_select_related = ("owner", "vehicle")
    list_filter = ("status",)
    search_fields = ("name", "owner__name")


@admin.register(Stop)
class StopAdmin(ReadOnlyAdmin):
    """Where a tour stops, and for how many."""

    needed = Permission.EQUIPMENT_VIEW
    list_display = ("tour", "institution", "starts_at", "ends_at", "capacity", "taken")
    list_select_related = ("tour", "institution")
