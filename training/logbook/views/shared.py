"""What the pages of the logbook share."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from alliance.core.access import access_of
from alliance.core.choices import Permission
from alliance.institutions.models import Institution

from .. import desk, policies
from ..models import Case


def acting(request: HttpRequest) -> Institution | None:
    """The institution the reader acts for."""
    found: Institution | None = getattr(request, "institution", None)
    return found or None


def visible_case(request: HttpRequest, public_id: UUID) -> Case:
    """The entry of this id if the reader may see it; 404 otherwise."""
    rows = Case.objects.visible_to(request.user).for_list().select_related("recorded_by")
    found: Case = get_object_or_404(rows, public_id=public_id)
    return found


def tabs(request: HttpRequest) -> list[dict[str, Any]]:
    """The pages of the logbook, those that concern the user."""
    user: Any = request.user
    held = access_of(user).everywhere()
    waiting = desk.waiting_for(user).count()
    pages = [
        ("logbook:mine", _("My cases"), policies.practitioner_of(user) is not None, 0),
        ("logbook:waiting", _("To confirm"), Permission.CASE_CONFIRM in held, waiting),
        ("logbook:list", _("All cases"), Permission.CASE_VIEW in held, 0),
        ("logbook:curves", _("Learning curves"), policies.may_open(user), 0),
        ("logbook:reviews", _("Signals"), policies.may_open(user), 0),
    ]
    return [
        {"label": label, "url": url, "active": request.path == url, "badge": badge or ""}
        for url, label, badge in (
            (reverse(route), label, badge) for route, label, shown, badge in pages if shown
        )
    ]
