"""One's own bookings, and those of one's institution."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from alliance.core.listing import listing

from .. import agenda, presenters
from ..charges.presenters import amounts
from .shared import look, tabs


@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """What lies ahead; `?past=1` what was; `?whose=house` of one's whole institution."""
    look(request)
    past, house = "past" in request.GET, request.GET.get("whose") == "house"
    wanted: Any
    wanted, ordering = agenda.listed(request.user, request.GET)
    page = listing(request, wanted.for_list(), ordering=ordering)
    prices = amounts(request.user, [row.pk for row in page.rows])
    context = {
        "rows": presenters.rows(page.rows, prices),
        "listing": page,
        "past": past,
        "views": _views(past=past, house=house),
        "tabs": tabs(request),
        "now": timezone.now(),
    }
    return TemplateResponse(request, "bookings/mine.html", context)


def _views(*, past: bool, house: bool) -> list[dict[str, object]]:
    """The four lists of this page."""
    return [
        {"label": label, "url": f"?{query}", "active": (was, whole) == (past, house)}
        for label, query, was, whole in (
            (_("Mine, to come"), "", False, False),
            (_("Mine, past"), "past=1", True, False),
            (_("My institution and its devices, to come"), "whose=house", False, True),
            (_("My institution and its devices, past"), "past=1&whose=house", True, True),
        )
    ]
