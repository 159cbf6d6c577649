"""What the pages of granting share."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from .. import policies
from ..models import Application


def tabs(request: HttpRequest) -> list[dict[str, Any]]:
    """The pages about applications, those that concern the user."""
    user = request.user
    pages = [
        ("granting:mine", _("My applications"), policies.may_apply(user)),
        ("granting:applications", _("Applications"), policies.may_follow(user)),
        ("granting:committee", _("Committee"), policies.sits_on_committees(user)),
    ]
    return [
        {"label": label, "url": url, "active": request.path == url}
        for url, label in ((reverse(route), label) for route, label, shown in pages if shown)
    ]


def visible(request: HttpRequest, public_id: UUID) -> Application:
    """An application in the reader's scope, with everything its page says."""
    rows = Application.objects.visible_to(request.user).select_related(
        "practitioner__institution",
        "technique",
        "institution",
        "meeting",
        "committee",
        "privilege",
        "decision__privilege__certificate",
    )
    found: Application = get_object_or_404(rows, public_id=public_id)
    return found
