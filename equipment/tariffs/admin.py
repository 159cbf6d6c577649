"""Prices in the back office: for looking only."""

from django.contrib import admin

from alliance.core.backoffice import ReadOnlyAdmin
from alliance.core.choices import Permission

from .models import Price


@admin.register(Price)
class PriceAdmin(ReadOnlyAdmin):
    """What the use of shared devices costs."""

    needed = Permission.EQUIPMENT_STANDARD
    list_display = ("alliance", "type", "device", "tier", "unit", "amount", "valid_from")
    list_select_related = ("alliance", "type", "device")
    list_filter = ("tier", "unit")
