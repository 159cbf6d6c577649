"""Devices in the back office: for looking; types and devices are kept on their pages."""

from django.contrib import admin

from alliance.core.backoffice import ReadOnlyAdmin
from alliance.core.choices import Permission

from .models import Device, DeviceType, Stocktake


@admin.register(DeviceType)
class DeviceTypeAdmin(ReadOnlyAdmin):
    """Types of device."""

    needed = Permission.EQUIPMENT_STANDARD
    list_display = ("code", "name", "kind", "category_code", "is_high_end", "is_active")
    list_filter = ("kind", "is_high_end", "is_active")
    search_fields = ("code", "name")


@admin.register(Device)
class DeviceAdmin(ReadOnlyAdmin):
    """Devices of institutions."""

    needed = Permission.EQUIPMENT_STANDARD
    list_display = ("asset_number", "name", "type", "owner", "in_use_from", "condition")
    list_select_related = ("type", "owner")
    list_filter = ("condition", "is_shared")
    search_fields = ("asset_number", "name", "serial_number")


@admin.register(Stocktake)
class StocktakeAdmin(ReadOnlyAdmin):
    """Stock-takes of institutions."""

    needed = Permission.EQUIPMENT_STANDARD
    list_display = ("name", "institution", "begun_on", "closed_at")
    list_select_related = ("institution",)
