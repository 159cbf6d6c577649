"""The bell in the frame."""

from typing import Any

from django.http import HttpRequest

from . import selectors


def unread(request: HttpRequest) -> dict[str, Any]:
    """`unread_notices`: how many wait; nothing is queried for strangers."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    return {"unread_notices": selectors.unread_count(user)}
