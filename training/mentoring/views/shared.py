"""What the pages of mentoring share."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from .. import policies


def tabs(request: HttpRequest) -> list[dict[str, Any]]:
    """The pages of this room."""
    pages = [
        ("mentoring:mentorships", _("Mentors and mentees")),
        ("mentoring:chain", _("Chains")),
        ("mentoring:sessions", _("Guidance")),
        ("mentoring:postings", _("Dispatch and rotation")),
        ("mentoring:year", _("Plan of the year")),
    ]
    return [
        {"label": label, "url": url, "active": request.path == url}
        for url, label in ((reverse(route), label) for route, label in pages)
    ]


def look(request: HttpRequest) -> None:
    """Refuse those whom mentoring does not concern."""
    policies.insist(policies.may_look(request.user))


def as_uuid(text: str) -> UUID:
    """An id from a query string; what is none leads nowhere."""
    try:
        return UUID(text)
    except ValueError:
        raise Http404 from None
