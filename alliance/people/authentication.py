"""Who calls the API: another system by OAuth 2 client credentials, or a signed-in browser."""

from typing import Any

from oauth2_provider.contrib.rest_framework import OAuth2Authentication
from rest_framework.authentication import SessionAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request


class ClientAuthentication(OAuth2Authentication):
    """A bearer token of a client; the caller is the client's service account."""

    def authenticate(self, request: Request) -> tuple[Any, Any] | None:
        """Return (service account, token); None when there is no bearer token."""
        found = super().authenticate(request)
        if found is None:
            if request.META.get("HTTP_AUTHORIZATION", "").lower().startswith("bearer"):
                raise AuthenticationFailed
            return None
        _user, token = found
        account = token.application.user
        if account is None or not account.is_active:
            raise AuthenticationFailed
        return account, token


class BrowserAuthentication(SessionAuthentication):
    """The browser session, for the API's own documentation page and our pages' scripts."""


class HasScope(IsAuthenticated):
    """Signed in, and, for a client, holding the scope that the view names."""

    def has_permission(self, request: Request, view: Any) -> bool:
        """Whether the caller may use this view at all."""
        if not super().has_permission(request, view):
            return False
        token = request.auth
        needed = getattr(view, "required_scope", None)
        return token is None or needed is None or token.is_valid([needed])
