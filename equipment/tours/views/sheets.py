"""The sheet that goes along: who comes to the stops of a tour, with room to sign."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from .. import policies, presenters
from ..filters import SheetFilter
from ..models import Place, Stop
from .shared import tour_of


@require_safe
def sheet(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The stops of a tour whose places the reader sees: all, those of a day, or one of them."""
    tour = tour_of(request, public_id)
    rows = Stop.objects.visible_to(request.user).standing().filter(tour=tour).for_list()
    mine = [one for one in rows if policies.may_see_places(request.user, one)]
    policies.insist(bool(mine))
    asked = SheetFilter(request.GET, queryset=rows.filter(pk__in=[one.pk for one in mine]))
    stops = list(asked.qs.order_by("starts_at", "pk")) if asked.is_valid() else []
    context = {
        "tour": tour,
        "vehicle": tour.vehicle.name,
        "devices": presenters.on_board(tour),
        "sheets": _sheets(request, stops),
        "filter": asked,
    }
    status = 200 if asked.is_valid() else 422
    return TemplateResponse(request, "tours/sheet.html", context, status=status)


def _sheets(request: HttpRequest, stops: list[Stop]) -> list[dict[str, Any]]:
    """Each stop with its places, in order of their numbers."""
    places = Place.objects.visible_to(request.user).filter(stop__in=stops).booked().for_list()
    of_stop: dict[int, list[Place]] = {}
    for place in places.order_by("number"):
        of_stop.setdefault(place.stop_id, []).append(place)
    return [
        {
            "stop": stop,
            "span": presenters.span(stop.starts_at, stop.ends_at),
            "room": presenters.room(stop),
            "places": of_stop.get(stop.pk, []),
        }
        for stop in stops
    ]
