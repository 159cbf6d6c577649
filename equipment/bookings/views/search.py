"""Finding a free time: from the technique to the devices and the hours in which they are free."""

from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from alliance.catalogue.models import Technique
from alliance.institutions.models import Alliance, Institution
from alliance.people.models import Practitioner
from alliance.people.selectors import acting_institution
from equipment.devices.models import DeviceType
from equipment.devices.selectors import alliance_of, types_among
from training.selectors import what_may

from .. import approvals, mentors, policies, searching, selectors, spans
from ..choices_search import Reach
from ..forms.search import SearchForm, asks, carried, completed
from ..rules import Period
from .shared import look, tabs

# More free times of a device than these nobody reads on a phone; nor more devices at once.
_SLOTS_MOST, _DEVICES_MOST = 6, 8


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """What is asked for, and when it is free near by."""
    look(request)
    now, house = timezone.now(), acting_institution(request)
    asked, along = asks(request.GET), carried(request.GET)
    form = SearchForm(completed(request.GET) if asked else None, user=request.user, initial=along)
    context = {
        "form": form,
        "house": house,
        "carried": urlencode(along),
        "groups": None,
        "techniques": [] if asked else _own_techniques(request),
        "may_book": house is not None and policies.may_book(request.user, house.pk),
        "tabs": tabs(request),
    }
    if asked and house and form.is_valid():
        context |= _answer(request, form, house, now)
    status = 422 if form.errors else 200
    return TemplateResponse(request, "bookings/search.html", context, status=status)


def _answer(
    request: HttpRequest, form: SearchForm, house: Institution, now: datetime
) -> dict[str, Any]:
    """What was found, and whether the reader needs a mentor for it."""
    data = form.cleaned_data
    today = timezone.localdate(now)
    period, alliance = _period(data, today), alliance_of(house.pk, today)
    first = timezone.localdate(max(period.since, now))
    alone = _standing(request, house, alliance, data["technique"], first)
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
        people=[alone["mentor"].pk] if alone["mentor"] else [],
        limit=None,
    )
    groups = searching.sorted_by_need(
        found,
        house=house,
        alliance=alliance,
        technique_id=data["technique"].pk if data["technique"] else None,
        type_id=data["type"].pk if data["type"] else None,
        on=first,
    )
    along, whole = carried(request.GET), request.GET.get("all") == "1"
    handed = along | ({"mentor": str(alone["mentor"].public_id)} if alone["mentor"] else {})
    return alone | {
        "groups": [_shown(group, data, handed, whole=whole) for group in groups],
        "all_url": f"?{urlencode({**request.GET.dict(), 'all': '1'})}",
        "kinds": [] if groups else _kinds(request, house, alliance, now),
        "waiting_url": _waiting_url(form, along),
        "asking": _asking(request, found, alliance, today),
    }


def _period(data: dict[str, Any], today: date) -> Period:
    zone = timezone.get_current_timezone()
    return spans.period_of(data["span"], on=data["on"], today=today, zone=zone)


def _asking(request: HttpRequest, found: Any, alliance: Any, today: date) -> Any:
    """Which of the devices found wait for a keeper's word."""
    pk = alliance.pk if alliance else None
    return approvals.asking((one.device for one in found), pk, request.user, today)


def _kinds(
    request: HttpRequest, house: Institution, alliance: Alliance | None, now: datetime
) -> list[tuple[DeviceType, str]]:
    """The types there are to choose from, where the technique names none."""
    found = selectors.bookable(request.user, institution=house, alliance=alliance, at=now)
    asked = request.GET.dict()
    return [
        (kind, f"?{urlencode({**asked, 'type': kind.public_id})}")
        for kind in types_among(found).order_by("name")
    ]


def _standing(
    request: HttpRequest,
    house: Institution,
    alliance: Alliance | None,
    technique: Technique | None,
    on: date,
) -> dict[str, Any]:
    """How the reader may do it, the mentors to choose from, and the one chosen."""
    empty: dict[str, Any] = {"standing": None, "mentors": [], "mentor": None, "kept": []}
    mine: Any = getattr(request.user, "practitioner_id", None)
    me = Practitioner.objects.filter(pk=mine).first()
    if me is None or technique is None or alliance is None:
        return empty
    standing = mentors.standing(me, technique, house, on)
    if not standing.needs_mentor:
        return empty | {"standing": standing}
    found = mentors.who_may_mentor(technique, alliance, house, me, on)
    asked = request.GET.get("mentor", "")
    return {
        "standing": standing,
        "mentors": found,
        "mentor": next((one for one in found if str(one.public_id) == asked), None),
        "kept": [(key, value) for key, value in request.GET.items() if key != "mentor"],
    }


def _shown(
    group: searching.Group, data: dict[str, Any], along: dict[str, str], *, whole: bool
) -> dict[str, Any]:
    """A group with the address behind each free time; the first few unless all are asked for."""
    rows = []
    for one in group.found:
        periods = (Period(slot.starts_at, slot.ends_at) for slot in one.offer.slots)
        tidied = (spans.tidy(slot, minutes=data["minutes"]) for slot in periods)
        slots = [(slot, _book_url(one.offer.device, slot, data, along)) for slot in tidied if slot]
        if slots:
            more = max(len(slots) - _SLOTS_MOST, 0)
            rows.append({"found": one, "slots": slots[:_SLOTS_MOST], "more": more})
    shown = rows if whole else rows[:_DEVICES_MOST]
    unfree = group.busy + len(group.found) - len(rows)
    return {
        "group": group, "rows": shown, "count": len(rows), "hidden": len(rows) - len(shown),
        "busy": unfree,
    }  # fmt: skip


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
