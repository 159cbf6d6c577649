"""Privileges in the back office: for looking only."""

from django.contrib import admin

from alliance.core.backoffice import ReadOnlyAdmin
from alliance.core.choices import Permission

from .models import Certificate, Override, Privilege


@admin.register(Privilege)
class PrivilegeAdmin(ReadOnlyAdmin):
    """Who may perform what where."""

    needed = Permission.PRIVILEGE_VIEW
    list_display = ("practitioner", "technique", "institution", "level", "valid_from", "ends_on")
    list_select_related = ("practitioner", "technique", "institution")
    list_filter = ("level", "ground")


@admin.register(Certificate)
class CertificateAdmin(ReadOnlyAdmin):
    """Certificates."""

    needed = Permission.PRIVILEGE_VIEW
    exclude = ("token",)
    list_display = ("number", "privilege", "issued_at")
    list_select_related = ("privilege__practitioner", "privilege__technique")


@admin.register(Override)
class OverrideAdmin(ReadOnlyAdmin):
    """Emergencies beyond a privilege."""

    needed = Permission.PRIVILEGE_VIEW
    list_display = ("practitioner", "technique", "institution", "at", "reported_at", "reviewed_at")
    list_select_related = ("practitioner", "technique", "institution")
