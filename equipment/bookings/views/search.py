"""Finding a free time: from the technique to the devices and the hours in which they are free."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from alliance.catalogue.models import Technique
from alliance.institutions.models import Institution
from alliance.people.selectors import acting_institution
from equipment.devices.selectors import alliance_of
from training.selectors import what_may

from .. import policies, searching, selectors, spans
from ..choices_search import Reach
from ..forms.search import SearchForm, asks, carried, completed
from ..rules import Period
from .shared import look, tabs

# More free times of a device than these nobody reads on a phone.
_SLOTS_MOST = 6


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """What is asked for, and when it is free near by."""
    look(request)
    now, house = timezone.now(), acting_institution(request)
    asked, along = asks(request.GET), carried(request.GET)
    form = SearchForm(completed(request.GET) if asked else None, user=request.user, initial=along)
    groups = _groups(request, form, house, now) if asked and house and form.is_valid() else None
    context = {
        "form": form,
        "house": house,
        "groups": groups,
        "carried": urlencode(along),
        "waiting_url": _waiting_url(form, along) if groups is not None else "",
        "techniques": [] if asked else _own_techniques(request),
        "may_book": house is not None and policies.may_book(request.user, house.pk),
        "tabs": tabs(request),
    }
    status = 422 if form.errors else 200
    return TemplateResponse(request, "bookings/search.html", context, status=status)


def _groups(
    request: HttpRequest, form: SearchForm, house: Institution, now: datetime
) -> list[dict[str, Any]]:
    data = form.cleaned_data
    today, zone = timezone.localdate(now), timezone.get_current_timezone()
    period = spans.period_of(data["span"], on=data["on"], today=today, zone=zone)
    alliance = alliance_of(house.pk, today)
    found = selectors.offers(
        request.user,
        institution=house,
        alliance=alliance if data["reach"] != Reach.OWN else None,
        since=period.since,
        until=period.until,
        minutes=data["minutes"],
        at=now,
        technique=data["technique"],
        type_=data["type"],
        area=searching.area_of(house, data["reach"]),
    )
    groups = searching.sorted_by_type(
        found,
        house=house,
        alliance=alliance,
        technique_id=data["technique"].pk if data["technique"] else None,
        on=timezone.localdate(max(period.since, now)),
    )
    along = carried(request.GET)
    return [_shown(group, data, along) for group in groups]


def _shown(group: searching.Group, data: dict[str, Any], along: dict[str, str]) -> dict[str, Any]:
    """A group with the address behind each free time."""
    rows = []
    for one in group.found:
        periods = (Period(slot.starts_at, slot.ends_at) for slot in one.offer.slots)
        tidied = (spans.tidy(slot, minutes=data["minutes"]) for slot in periods)
        slots = [(slot, _book_url(one.offer.device, slot, data, along)) for slot in tidied if slot]
        if slots:
            more = max(len(slots) - _SLOTS_MOST, 0)
            rows.append({"found": one, "slots": slots[:_SLOTS_MOST], "more": more})
    return {"group": group, "rows": rows}


def _book_url(device: Any, slot: Period, data: dict[str, Any], along: dict[str, str]) -> str:
    query = along | {
        "device": device.public_id,
        "start": timezone.localtime(slot.since).strftime("%Y-%m-%dT%H:%M"),
        "minutes": data["minutes"],
    }
    if data["technique"]:
        query["technique"] = data["technique"].code
    return f"{reverse('bookings:book')}?{urlencode(query)}"


def _waiting_url(form: SearchForm, along: dict[str, str]) -> str:
    """Where to wait for what is not free."""
    data = form.cleaned_data
    query = along | {"minutes": data["minutes"]}
    if data["technique"]:
        query["technique"] = data["technique"].code
    if data["type"]:
        query["type"] = data["type"].public_id
    return f"{reverse('bookings:wait')}?{urlencode(query)}"


def _own_techniques(request: HttpRequest) -> list[Technique]:
    """Techniques that the reader may perform, to search with one tap."""
    person = getattr(request.user, "practitioner_id", None)
    if person is None:
        return []
    answers = what_may(practitioner_id=person, on=timezone.localdate())
    mine = {triple.technique_id for triple, answer in answers.items() if answer.may}
    rows = Technique.objects.visible_to(request.user).filter(pk__in=mine)
    return list(rows.order_by("name")[:12])
