"""Applications and committees in the back office: for looking only."""

from django.contrib import admin

from alliance.core.backoffice import ReadOnlyAdmin
from alliance.core.choices import Permission

from .models import Application, Committee, Member


@admin.register(Application)
class ApplicationAdmin(ReadOnlyAdmin):
    """Applications for a privilege."""

    needed = Permission.PRIVILEGE_MANAGE
    list_display = ("practitioner", "technique", "institution", "kind", "status", "opened_on")
    list_select_related = ("practitioner", "technique", "institution")
    list_filter = ("status", "kind")


@admin.register(Committee)
class CommitteeAdmin(ReadOnlyAdmin):
    """Committees and their terms."""

    needed = Permission.PRIVILEGE_MANAGE
    list_display = ("name", "alliance", "valid_from", "valid_until")
    list_select_related = ("alliance",)


@admin.register(Member)
class MemberAdmin(ReadOnlyAdmin):
    """Who sits in which committee."""

    needed = Permission.PRIVILEGE_MANAGE
    list_display = ("user", "committee", "position", "institution", "valid_from", "valid_until")
    list_select_related = ("user", "committee", "institution")
