"""What every page's frame shows: navigation, acting institution, demo banner."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from . import selectors
from .navigation import items_for


def shell(request: HttpRequest) -> dict[str, Any]:
    """`nav`, `acting`, `demo_mode`; for strangers nothing is queried but who may enter a demo."""
    context: dict[str, Any] = {"demo_mode": settings.DEMO_MODE}
    if settings.DEMO_MODE:
        context["demo_accounts"] = SimpleLazyObject(selectors.demo_accounts)
    user = getattr(request, "user", None)
    if user is not None and user.is_authenticated:
        context["acting"] = getattr(request, "institution", None)
        context["nav"] = items_for(user, request.path)
        context["may_switch"] = len(user.access.institutions) > 1
    return context
