"""API clients: other systems of an institution, each acting by a service account of its own."""

from collections.abc import Iterable
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from oauth2_provider.generators import generate_client_secret
from oauth2_provider.models import get_access_token_model

from alliance.core import ledger
from alliance.core.access import has_permission, require
from alliance.core.choices import Permission, Role
from alliance.core.errors import DomainError
from alliance.core.saving import store
from alliance.institutions.models import Institution

from ..models import ApiClient, RoleGrant, User
from ..scopes import ClientScopes


@transaction.atomic
def create_api_client(
    *, institution: Institution, name: str, scopes: Iterable[str], by: Any
) -> tuple[ApiClient, str]:
    """Let another system of the institution in; return the client and its secret, shown once."""
    require(by, Permission.COLLEAGUE_INVITE, institution_id=institution.pk)
    wanted = sorted(set(scopes))
    if not wanted or not set(wanted) <= set(ClientScopes().get_all_scopes()):
        raise ValidationError({"scopes": _("Choose what the system may do.")})
    account = _service_account(institution, name.strip(), by)
    secret = generate_client_secret()
    client = ApiClient(
        name=name.strip(), institution=institution, user=account, scopes=" ".join(wanted),
        client_type=ApiClient.CLIENT_CONFIDENTIAL, client_secret=secret,
        authorization_grant_type=ApiClient.GRANT_CLIENT_CREDENTIALS,
    )  # fmt: skip
    store(client)
    _record("client.created", client, by, scopes=client.scopes)
    return client, secret


def _service_account(institution: Institution, name: str, by: Any) -> User:
    """The account the ledger names for what the system does; nobody can sign in with it."""
    account = User(
        username=f"client-{uuid4().hex[:12]}", name=name[:50], is_service=True,
        is_demo=settings.DEMO_MODE,
    )  # fmt: skip
    account.set_unusable_password()
    account.save()
    RoleGrant.objects.create(
        user=account,
        role=Role.INTERFACE,
        institution=institution,
        valid_from=timezone.localdate(),
        granted_by=by,
    )
    return account


@transaction.atomic
def rotate_client_secret(*, client: ApiClient, by: Any) -> str:
    """Replace a client's secret; the old one and every token made with it stop working."""
    client = _locked(client, by)
    if client.disabled_at is not None:
        raise DomainError("client_disabled", _("This client is disabled. Enable it first."))
    secret = generate_client_secret()
    client.client_secret = secret
    client.save(update_fields=["client_secret", "updated"])
    _revoke_tokens(client)
    _record("client.rotated", client, by)
    return secret


@transaction.atomic
def disable_api_client(*, client: ApiClient, by: Any) -> ApiClient:
    """Shut a client out at once: no new tokens, and the present ones stop working."""
    client = _locked(client, by, also_creators=True)
    if client.disabled_at is not None:
        raise DomainError("client_disabled", _("This client is already disabled."))
    client.disabled_at = timezone.now()
    client.save(update_fields=["disabled_at", "updated"])
    _set_account(client, is_active=False, by=by)
    _revoke_tokens(client)
    _record("client.disabled", client, by)
    return client


@transaction.atomic
def enable_api_client(*, client: ApiClient, by: Any) -> ApiClient:
    """Let a client in again, with the secret it had."""
    client = _locked(client, by)
    if client.disabled_at is None:
        raise DomainError("client_enabled", _("This client is already enabled."))
    client.disabled_at = None
    client.save(update_fields=["disabled_at", "updated"])
    _set_account(client, is_active=True, by=None)
    _record("client.enabled", client, by)
    return client


def _set_account(client: ApiClient, *, is_active: bool, by: Any) -> None:
    """The service account is open exactly as long as its client is."""
    User.objects.filter(pk=client.user_id).update(
        is_active=is_active,
        disabled_at=None if is_active else timezone.now(),
        disabled_by=by,
    )


def _locked(client: ApiClient, by: Any, *, also_creators: bool = False) -> ApiClient:
    """The client, if `by` administers its institution (or creates and disables accounts)."""
    locked = ApiClient.objects.select_for_update().get(pk=client.pk)
    if not (also_creators and has_permission(by, Permission.USER_CREATE)):
        require(by, Permission.COLLEAGUE_INVITE, institution_id=locked.institution_id)
    return locked


def _revoke_tokens(client: ApiClient) -> None:
    get_access_token_model().objects.filter(application=client).delete()


def _record(action: str, client: ApiClient, by: Any, **data: Any) -> None:
    ledger.record(action, by=by, subject=client, institution_id=client.institution_id, **data)
