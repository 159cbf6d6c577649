"""Editions of the base configuration in the back office: for looking only."""

from django.contrib import admin

from alliance.core.backoffice import ReadOnlyAdmin
from alliance.core.choices import Permission

from .models import Standard


@admin.register(Standard)
class StandardAdmin(ReadOnlyAdmin):
    """What each tier must have."""

    needed = Permission.EQUIPMENT_STANDARD
    list_display = ("alliance", "name", "status", "effective_from")
    list_select_related = ("alliance",)
    list_filter = ("status",)
