"""Finding a free time: from the technique to the devices and the hours in which they are free."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from alliance.catalogue.models import Technique
from alliance.core.access import has_permission
from alliance.core.choices import Permission
from alliance.institutions.models import Alliance, Institution
from alliance.people.models import Practitioner
from alliance.people.selectors import acting_institution
from equipment.devices.models import DeviceType
from equipment.devices.selectors import alliance_of, types_among
from training.selectors import what_may

from .. import approvals, policies, searching, selectors, spans
from ..choices_search import Reach
from ..entitled import Entitled, entitled
from ..forms.search import SearchForm, asks, carried, completed
from ..rules import Period
from . import results
from .shared import look, tabs


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """What is asked for, and when it is free near by."""
    look(request)
    now, own = timezone.now(), acting_institution(request)
    houses = _houses(request, own, now)
    may_book = _may_book(request, own)
    asked, along = asks(request.GET), carried(request.GET)
    data = completed(request.GET, may_book=may_book) if asked else None
    named = {"house": request.GET.get("house") or getattr(own, "public_id", "")}
    form = SearchForm(
        data, user=request.user, may_book=may_book, houses=houses, initial=along | named
    )
    context = {
        "form": form,
        "searches": policies.searches(request.user),
        "house": own,
        "is_for_another": False,
        "carried": urlencode(along),
        "groups": None,
        "techniques": [] if asked else _own_techniques(request),
        "may_book": may_book,
        "tabs": tabs(request),
    }
    if asked and form.is_valid() and (house := form.cleaned_data["house"] or own):
        context |= {"house": house, "is_for_another": house != own}
        context |= _answer(request, form, house, now, may_book=may_book)
    status = 422 if form.errors else 200
    return TemplateResponse(request, "bookings/search.html", context, status=status)


def _may_book(request: HttpRequest, own: Institution | None) -> bool:
    """Whether what is found may be booked: for one's own institution, by who books there."""
    if own is None or request.GET.get("house") not in (None, "", str(own.public_id)):
        return False
    return policies.may_book(request.user, own.pk)


def _houses(request: HttpRequest, own: Institution | None, now: datetime) -> list[Institution]:
    """For whom one may look: who oversees chooses, one's own first; others need not be asked."""
    found = list(selectors.houses_overseen(request.user, at=now))
    if found and own is not None:
        return [own, *(one for one in found if one != own)]
    return found


def _answer(
    request: HttpRequest, form: SearchForm, house: Institution, now: datetime, *, may_book: bool
) -> dict[str, Any]:
    """What was found, and whether the reader may do it, alone or with a mentor."""
    data, today = form.cleaned_data, timezone.localdate(now)
    period, alliance = _period(data, today), alliance_of(house.pk, today)
    first = timezone.localdate(max(period.since, now))
    able = entitled(_reader(request, may_book), data["technique"], alliance, house, first)
    mentor = _mentor(request, able)
    told = _told(request, able, mentor) | {"technique": data["technique"], "days": _days(period)}
    if able.is_refused:
        return told | {"groups": []}
    people = [one.pk for one in (able.operator, mentor) if one is not None]
    found = _offers(request, data, house, alliance, period, now, people)
    usable = [one for one in found if able.may_use(one.device)]
    asking = _asking(request, usable, alliance, today)
    groups = searching.sorted_by_need(
        usable,
        house=house,
        alliance=alliance,
        technique_id=data["technique"].pk if data["technique"] else None,
        type_id=data["type"].pk if data["type"] else None,
        minutes=data["minutes"],
        on=first,
        asking=asking,
    )
    links = results.Links(data, carried(request.GET) | _handed(able, mentor), may_book=may_book)
    return told | {
        "groups": results.shown(groups, links, request.GET.dict(), _barred(able, found)),
        "answer": results.answer(groups, links, timedelta(minutes=data["minutes"])),
        "unmet": results.without_answer(groups),
        "unsound": results.has_unsound(groups),
        "requires": any(one.is_required for one in groups),
        "unusable": len(found) - len(usable),
        "kinds": [] if groups else _kinds(request, house, alliance, now),
        "waiting_url": _waiting_url(form, carried(request.GET)) if may_book else "",
        "asking": asking,
    }


def _barred(able: Entitled, found: Sequence[selectors.Offer]) -> set[int]:
    """Types of which devices stand where the reader may not do it."""
    return {one.device.type_id for one in found if not able.may_use(one.device)}


def _offers(
    request: HttpRequest,
    data: dict[str, Any],
    house: Institution,
    alliance: Alliance | None,
    period: Period,
    now: datetime,
    people: Sequence[int],
) -> list[selectors.Offer]:
    """The devices within reach with the times in which they and the people are free."""
    return selectors.offers(
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
        people=people,
        limit=None,
    )


def _days(period: Period) -> tuple[Any, Any]:
    """The first and the last day that are searched."""
    return timezone.localdate(period.since), timezone.localdate(period.until - timedelta(seconds=1))


def _period(data: dict[str, Any], today: Any) -> Period:
    zone = timezone.get_current_timezone()
    return spans.period_of(data["span"], on=data["on"], today=today, zone=zone)


def _asking(request: HttpRequest, found: Any, alliance: Any, today: Any) -> Any:
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


def _reader(request: HttpRequest, may_book: bool) -> Practitioner | None:
    """Who looks, as somebody who may do techniques; nobody where none is booked."""
    mine: Any = getattr(request.user, "practitioner_id", None) if may_book else None
    return Practitioner.objects.filter(pk=mine).first()


def _mentor(request: HttpRequest, able: Entitled) -> Practitioner | None:
    """The mentor chosen, of those there are to choose from."""
    asked = request.GET.get("mentor", "")
    return next((one for one in able.mentors if str(one.public_id) == asked), None)


def _told(request: HttpRequest, able: Entitled, mentor: Practitioner | None) -> dict[str, Any]:
    """What is said of the reader in the head of the page."""
    return {
        "able": able,
        "standing": able.standing,
        "mentors": able.mentors,
        "mentor": mentor,
        "kept": [(key, value) for key, value in request.GET.items() if key != "mentor"],
        "may_refer": has_permission(
            request.user, Permission.REFERRAL_SEND, institution_id=able.house.pk
        ),
    }


def _handed(able: Entitled, mentor: Practitioner | None) -> dict[str, str]:
    """The people who go along to the form: the mentor, the one colleague who may do it."""
    found = {"mentor": str(mentor.public_id)} if mentor else {}
    if able.colleagues and able.operator:
        found["operator"] = str(able.operator.public_id)
    return found


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
