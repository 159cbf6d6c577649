"""The bell in the frame."""

from typing import Any

from django.http import HttpRequest

from .models import Notice

MOST = 99


def unread(request: HttpRequest) -> dict[str, Any]:
    """`unread_notices`: how many wait, counted up to 100 and no further."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    waiting = Notice.objects.visible_to(user).unread()
    return {"unread_notices": min(waiting[: MOST + 1].count(), MOST + 1)}
