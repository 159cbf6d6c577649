"""Purchases in the back office: for looking only."""

from django.contrib import admin

from alliance.core.backoffice import ReadOnlyAdmin
from alliance.core.choices import Permission

from .models import Purchase


@admin.register(Purchase)
class PurchaseAdmin(ReadOnlyAdmin):
    """Applications for devices."""

    needed = Permission.PURCHASE_REVIEW
    list_display = ("institution", "type", "status", "quantity", "subsidy", "delivered_on")
    list_select_related = ("institution", "type")
    list_filter = ("status",)
    search_fields = ("type__name", "institution__name")
