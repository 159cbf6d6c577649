"""Which scopes an API client may ask for: those its institution's administrator ticked."""

from typing import Any

from django.conf import settings
from oauth2_provider.scopes import BaseScopes


class ClientScopes(BaseScopes):
    """Scopes by client instead of one list for all."""

    def get_all_scopes(self) -> dict[str, Any]:
        """Every scope with its description."""
        scopes: dict[str, Any] = settings.OAUTH2_PROVIDER["SCOPES"]  # type: ignore[assignment]
        return scopes

    def get_available_scopes(
        self, application: Any = None, request: Any = None, *args: Any, **kwargs: Any
    ) -> list[str]:
        """What this client may ask for."""
        held = set(application.scopes.split()) if application is not None else set()
        return [scope for scope in self.get_all_scopes() if scope in held]

    def get_default_scopes(
        self, application: Any = None, request: Any = None, *args: Any, **kwargs: Any
    ) -> list[str]:
        """What it gets when it asks for nothing in particular: all of that."""
        return self.get_available_scopes(application, request)


def labels(scopes: str) -> list[str]:
    """A client's scopes in words; one that a later release dropped shows as it stands."""
    known = ClientScopes().get_all_scopes()
    return [str(known.get(scope, scope)) for scope in scopes.split()]
