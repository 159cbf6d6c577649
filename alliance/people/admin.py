"""Back office of people: for looking. Accounts, roles and clients change by the pages' actions."""

# Loaded now, so that what they registered can be taken away below.
import allauth.account.admin
import allauth.mfa.admin  # noqa: F401
import django.contrib.auth.admin  # noqa: F401
import oauth2_provider.admin  # noqa: F401
from allauth.account.decorators import secure_admin_login
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.contrib.auth.models import Group
from oauth2_provider.models import (
    get_access_token_model,
    get_application_model,
    get_grant_model,
    get_id_token_model,
    get_refresh_token_model,
)

from alliance.core.backoffice import ReadOnlyAdmin
from alliance.core.choices import Permission

from .models import ApiClient, Invitation, Practitioner, RoleGrant, User

# The back office has no sign-in of its own: lockout and second factor hold here too.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

# Tables of libraries that could change rights, passwords or tokens behind the actions' back.
for _model in (
    Group,
    EmailAddress,
    Authenticator,
    get_access_token_model(),
    get_application_model(),
    get_grant_model(),
    get_id_token_model(),
    get_refresh_token_model(),
):
    if admin.site.is_registered(_model):
        admin.site.unregister(_model)


class PeopleAdmin(ReadOnlyAdmin):
    """Tables about people, for whoever may look things up and has come this far."""

    needed = Permission.REFERENCE_VIEW


@admin.register(User)
class UserAdmin(PeopleAdmin):
    """Accounts, without anything secret. There is no way to make a superuser."""

    fields = readonly_fields = (
        "username", "name", "email", "phone", "practitioner", "language", "is_active",
        "last_login", "password_changed_at", "must_change_password", "disabled_at", "disabled_by",
        "is_service", "is_demo", "created_at",
    )  # fmt: skip
    list_display = ("username", "name", "email", "is_active", "last_login")
    list_filter = ("is_active", "is_service")
    search_fields = ("username", "name", "email")
    ordering = ("username",)


@admin.register(RoleGrant)
class RoleGrantAdmin(PeopleAdmin):
    """Roles: who holds or held what where."""

    fields = readonly_fields = (
        "user", "role", "institution", "alliance", "valid_from", "valid_until", "granted_by",
    )  # fmt: skip
    list_display = ("user", "role", "institution", "alliance", "valid_from", "valid_until")
    list_select_related = ("user", "institution", "alliance")
    list_filter = ("role",)
    search_fields = ("user__username", "user__name")
    ordering = ("-pk",)


@admin.register(Invitation)
class InvitationAdmin(PeopleAdmin):
    """Invitations, without their links."""

    fields = readonly_fields = (
        "email", "name", "role", "institution", "invited_by", "expires_at", "accepted_at",
        "accepted_by", "withdrawn_at", "emailed_at", "created_at",
    )  # fmt: skip
    list_display = ("email", "role", "institution", "expires_at", "accepted_at", "withdrawn_at")
    list_select_related = ("institution",)
    ordering = ("-created_at",)


@admin.register(Practitioner)
class PractitionerAdmin(PeopleAdmin):
    """Practitioners of all institutions."""

    fields = readonly_fields = (
        "name", "sex", "licence_number", "licence_valid_until", "title_code",
        "practice_started_on", "institution", "department", "phone", "is_active",
    )  # fmt: skip
    list_display = ("name", "title_code", "institution", "department", "is_active")
    list_select_related = ("institution", "department")
    list_filter = ("title_code", "is_active")
    search_fields = ("name", "pinyin__startswith", "licence_number")
    ordering = ("name",)


@admin.register(ApiClient)
class ApiClientAdmin(PeopleAdmin):
    """Other systems, without their secrets."""

    fields = readonly_fields = (
        "name", "client_id", "institution", "user", "scopes", "disabled_at", "created", "updated",
    )  # fmt: skip
    list_display = ("name", "institution", "scopes", "disabled_at", "created")
    list_select_related = ("institution",)
    ordering = ("-pk",)
    needed = Permission.USER_CREATE
