"""One referral: what it says, whose turn it is, what this reader may do about it."""

from typing import Any
from uuid import UUID

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from alliance.core import versions
from alliance.core.access import has_permission
from alliance.core.choices import Permission
from alliance.core.decorators import in_background
from alliance.patients import actions as patients
from equipment.bookings import causes
from equipment.bookings.selectors_lost import booked_for

from . import selectors, worklists
from .choices import Status
from .models import Referral
from .policies import is_party
from .presenters import acts, papers, rows
from .presenters import detail as shown
from .views_list import acting, reader_of

_SENDERS_TURN_AGAIN = (Status.REJECTED, Status.LAPSED)


def leg_or_404(request: HttpRequest, public_id: UUID) -> Referral:
    """The referral as far as the reader may see it."""
    visible = worklists.for_page(Referral.objects.visible_to(request.user))
    leg: Referral = get_object_or_404(visible, public_id=public_id)
    known = {leg.sender_id: leg.sender, leg.receiver_id: leg.receiver}
    if leg.holder_id in known:  # one of the two but for a way back to a third place
        leg.holder = known[leg.holder_id]
    return leg


@require_safe
def detail(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The referral's page; the reading is recorded."""
    leg = leg_or_404(request, public_id)
    if leg.status == Status.DRAFT and acts.row_act(request.user, leg):
        return redirect("referrals:draft", leg.public_id)
    chain = _chain(request, leg)
    context = leg_context(request, leg) | {"chain": chain, "way_back": shown.way_back(leg, chain)}
    return TemplateResponse(request, "referrals/detail.html", context)


def leg_context(request: HttpRequest, leg: Referral, *, onward: str = "") -> dict[str, Any]:
    """Everything a page or pane shows of one leg; notes that the patient was read."""
    now, reader = timezone.now(), reader_of(request)
    party = is_party(request.user, leg)
    if leg.patient is not None:
        house = request.institution  # type: ignore[attr-defined]
        patients.note_read(patient=leg.patient, by=request.user, institution=house, via="page")
    events = worklists.history(leg)
    offered = acts.acts_for(request.user, leg, onward=onward)
    return {
        "leg": leg,
        "row": rows.row_of(leg, reader, now=now),
        "party": party,
        "who": rows.who(leg.patient, timezone.localdate(now)) if party else "",
        "acts": [act for act in offered if not act.tucked],
        "tucked": [act for act in offered if act.tucked],
        "onward": onward,
        "warnings": shown.warnings(leg) if party else [],
        "owed": shown.owed_words(leg),
        "harmless": shown.harmless(leg) if party else [],
        "route": shown.route_facts(leg, party=party),
        "texts": shown.text_facts(leg) if party else [],
        "consent": shown.consent_words(leg),
        "diagnoses": leg.coded,  # type: ignore[attr-defined]
        "files": papers.files(request.user, leg) if party else [],
        "may_attach": party and leg.closed_at is None,
        "timeline": shown.timeline(events, with_words=party) + shown.running_clock(leg, now=now),
        "minutes": shown.minutes_of(leg, events, now=now),
        "refused": shown.refusal(leg, events) if party else "",
        "ways": _ways_out(request, leg),
        "booked": _booked(request, leg) if party and not onward else [],
        "book_url": _book_url(request, leg) if party and not onward else "",
    }


def _booked(request: HttpRequest, leg: Referral) -> list[Any]:
    """The devices that are booked for this leg, as far as the reader sees them."""
    return booked_for(request.user, alliance_id=leg.alliance_id, number=leg.number)


def _book_url(request: HttpRequest, leg: Referral) -> str:
    """Where the reader's house books a device for this patient, while the leg is under way."""
    house = acting(request)
    if leg.closed_at is not None or house is None or leg.status == Status.DRAFT:
        return ""
    return causes.book_url(
        request.user,
        institution_id=house,
        number=leg.number,
        patient=leg.patient,
        technique=leg.technique,
    )


def _ways_out(request: HttpRequest, leg: Referral) -> list[dict[str, Any]]:
    """Where else a refused patient could go, for whoever may file that."""
    mine = has_permission(request.user, Permission.REFERRAL_SEND, institution_id=leg.sender_id)
    if leg.status not in _SENDERS_TURN_AGAIN or leg.is_back_leg or not mine:
        return []
    return shown.ways_out(leg, selectors.alternatives_for(leg, on=timezone.localdate()))


def _chain(request: HttpRequest, leg: Referral) -> list[dict[str, Any]]:
    around = Q(parent=leg)
    if leg.parent_id:
        around |= Q(pk=leg.parent_id)
    others = worklists.lean(Referral.objects.visible_to(request.user).filter(around))
    return shown.chain(leg, others, reader_of(request), now=timezone.now())


@in_background
@require_safe
def news(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """What happened since the asking page was opened; 204 while nothing did."""
    leg = get_object_or_404(Referral.objects.visible_to(request.user), public_id=public_id)
    seen = versions.parse(request.GET.get("version"))
    if seen == leg.version:
        return HttpResponse(status=204)
    context = {
        "leg": leg,
        "changes": changes_since(request, leg, seen),
        "here": request.htmx.current_url_abs_path,  # type: ignore[attr-defined]
    }
    return TemplateResponse(request, "referrals/_news.html", context)


def changes_since(request: HttpRequest, leg: Referral, seen: int) -> list[dict[str, Any]]:
    """The steps that a page showing version `seen` does not know of."""
    steps = [step for step in worklists.history(leg) if step.version > seen]
    return shown.timeline(steps, with_words=is_party(request.user, leg))


@require_safe
def other_places(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Where a refused patient could go instead: the part that home pages fetch."""
    leg = leg_or_404(request, public_id)
    context = {"leg": leg, "ways": _ways_out(request, leg), "for": acting(request)}
    return TemplateResponse(request, "referrals/_ways.html", context)
