"""Who calls the API: another system by OAuth 2 client credentials, or a signed-in browser."""

import hashlib
from functools import cache
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from oauth2_provider.models import get_access_token_model, get_application_model
from rest_framework.authentication import BaseAuthentication, SessionAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request

from alliance.core.access import access_by
from alliance.core.rows import Columns

from .querysets import Held

# Of forty columns a call needs these.
_OF_TOKEN = ("id", "application_id", "expires", "scope")
_OF_CLIENT = ("id", "user_id", "institution_id")


class ClientAuthentication(BaseAuthentication):
    """A bearer token of a client; the caller is the client's service account.

    Token, client, account, institution and roles are read in one query. The client's institution becomes
    the acting one, as the chosen institution is for a person in the browser.
    """

    keyword = "bearer"

    def authenticate(self, request: Request) -> tuple[Any, Any] | None:
        """Return (service account, token); None when there is no bearer token."""
        scheme, _blank, text = request.headers.get("Authorization", "").strip().partition(" ")
        if scheme.lower() != self.keyword:
            return None
        token = _find(text.strip())
        if token is None or not token.is_valid():
            raise AuthenticationFailed(_("This token is unknown or has expired."))
        account = token.application.user
        if account is None or not account.is_active or token.application.institution is None:
            raise AuthenticationFailed(_("This client has been switched off."))
        request._request.institution = token.application.institution  # type: ignore[attr-defined]
        return account, token

    def authenticate_header(self, request: Request) -> str:
        """What a caller without a token is told to bring."""
        return 'Bearer realm="api"'


def _find(text: str) -> Any:
    """The stored token; only tokens of clients count, never one issued for a person."""
    checksum = hashlib.sha256(text.encode()).hexdigest()
    sql, parts = _statement()
    with connection.cursor() as cursor:
        cursor.execute(sql, [checksum, timezone.localdate()])
        values = cursor.fetchone()
    if values is None:
        return None
    rest = iter(values)
    found: list[Any] = [part.row(rest) for part in parts]
    token, client, user, institution = found
    if user is not None:
        user.access = access_by(Held(*held) for held in next(rest) or ())
    client.user, client.institution = user, institution
    token.application = client
    return token


@cache
def _statement() -> tuple[str, tuple[Columns[Any], ...]]:
    """What every call of another system asks first, by the function that keeps its plan."""
    client = get_application_model()
    parts = (
        Columns(get_access_token_model(), "(f.token)", _OF_TOKEN),
        Columns(client, "(f.client)", _OF_CLIENT),
        Columns(client._meta.get_field("user").related_model, "(f.account)"),
        Columns(client._meta.get_field("institution").related_model, "(f.house)"),
    )
    columns = ", ".join(part.sql for part in parts)
    return f"SELECT {columns}, f.held FROM people_client_of(%s, %s) f", parts  # noqa: S608


class BrowserAuthentication(SessionAuthentication):
    """The browser session, for the API's own documentation page and our pages' scripts.

    What a person must do first (a new password, a second factor) the middleware sees to here too.
    """


class HasScope(IsAuthenticated):
    """Signed in, and, for a client, holding the scope that the view names as `required_scope`."""

    def has_permission(self, request: Request, view: Any) -> bool:
        """Whether the caller may use this view at all."""
        if not super().has_permission(request, view):
            return False
        needed = getattr(view, "required_scope", None)
        token: Any = request.auth
        if token is not None and needed and not token.allow_scopes([needed]):
            message = _("This client lacks the scope “%(scope)s”.")
            raise PermissionDenied(message % {"scope": needed})
        return True


class ClientScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """The OAuth 2 flow of clients, for the OpenAPI document."""

    target_class = "alliance.people.authentication.ClientAuthentication"
    name = "oauth2"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        """Where tokens are issued, and every scope there is."""
        known: dict[str, Any] = settings.OAUTH2_PROVIDER["SCOPES"]  # type: ignore[assignment]
        scopes = {name: str(text) for name, text in known.items()}
        flow = {"tokenUrl": "/oauth/token/", "scopes": scopes}
        return {"type": "oauth2", "flows": {"clientCredentials": flow}}

    def get_security_requirement(self, auto_schema: Any) -> dict[str, list[str]]:
        """The scope that this operation asks for."""
        needed = getattr(auto_schema.view, "required_scope", None)
        return {self.name: [needed] if needed else []}


class BrowserScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """The session cookie, for the OpenAPI document."""

    target_class = "alliance.people.authentication.BrowserAuthentication"
    name = "session"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        """The cookie of a signed-in browser."""
        return {"type": "apiKey", "in": "cookie", "name": settings.SESSION_COOKIE_NAME}
