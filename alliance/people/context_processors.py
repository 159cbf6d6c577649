"""What every page's frame shows: navigation, acting institution, demo banner."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from .navigation import items_for


def shell(request: HttpRequest) -> dict[str, Any]:
    """`nav`, `acting`, `demo_mode`; nothing is queried for anonymous visitors."""
    context: dict[str, Any] = {"demo_mode": settings.DEMO_MODE}
    user = getattr(request, "user", None)
    if user is not None and user.is_authenticated:
        context["acting"] = getattr(request, "institution", None)
        context["nav"] = items_for(user, request.path)
        context["may_switch"] = len(user.access.institutions) > 1
    return context
