"""Tours: the list, one tour, planning it and moving it on."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from alliance.core import versions
from alliance.core.errors import DomainError
from alliance.core.forms import attempt, create, posted
from alliance.core.listing import chips, listing
from alliance.institutions.models import Alliance
from alliance.institutions.selectors import alliance_seen_by, alliances_of
from equipment.devices.models import Device

from .. import actions, policies, presenters, selectors, workflow
from ..choices import HOLDING, Move
from ..filters import TourFilter
from ..forms import ReasonForm, TourForm, VehicleForm
from ..models import Stop, Tour, TourEvent
from .shared import form_page, tour_of

_SHOWN = 10


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """What comes to one's own institutions, and the tours to come; past ones when asked for."""
    policies.insist(policies.may_look(request.user))
    now = timezone.now()
    asked = request.GET.copy()
    asked.setdefault("over", "false")
    rows = Tour.objects.visible_to(request.user).for_list()
    found = TourFilter(asked, queryset=rows, request=request)
    ordering = "-starts_at" if asked["over"] == "true" else "starts_at"
    page = listing(request, found.qs if found.is_valid() else rows.none(), ordering=ordering)
    mine = selectors.coming_stops(request.user, now)[:_SHOWN]
    context = {
        "rows": [presenters.tour_row(tour) for tour in page.rows],
        "mine": [presenters.stop_row(stop, now, with_tour=True) for stop in mine],
        "listing": page,
        "filter": found,
        "chips": chips(request, found.form),
        "may_plan": policies.may_plan_any(request.user),
    }
    status = 200 if found.is_valid() else 422
    return TemplateResponse(request, "tours/list.html", context, status=status)


@require_safe
def detail(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One tour: its time, its devices, its stops."""
    return tour_page(request, tour_of(request, public_id))


def tour_page(request: HttpRequest, tour: Tour, *, cancelling: Any = None) -> HttpResponse:
    """The page of a tour; a form that came back with errors stands open on it."""
    now = timezone.now()
    rows = Stop.objects.visible_to(request.user).filter(tour=tour).for_list()
    stops = list(rows.order_by("starts_at", "pk"))
    standing = [stop for stop in stops if stop.cancelled_at is None]
    events = TourEvent.objects.visible_to(request.user).filter(tour=tour).for_list()
    may_plan = policies.may_plan(request.user, tour)
    moves = workflow.open_moves(tour.status) if may_plan else []
    context = {
        "tour": tour,
        "tone": presenters.TONES[tour.status],
        "facts": presenters.tour_facts(tour, presenters.on_board(tour)),
        "stops": [presenters.stop_row(stop, now) for stop in stops],
        "history": presenters.history(events) if may_plan else [],
        "may_change": may_plan and tour.status in HOLDING,
        "may_announce": Move.ANNOUNCE in moves and tour.stop_count > 0,
        "may_finish": Move.FINISH in moves and not any(stop.ends_at > now for stop in standing),
        "may_cancel": Move.CANCEL in moves,
        "may_print": not tour.cancel_reason
        and any(policies.may_see_places(request.user, stop) for stop in standing),
        "cancelling": cancelling or ReasonForm(initial={"version": tour.version}),
    }
    status = 422 if cancelling else 200
    return TemplateResponse(request, "tours/tour.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Choose the vehicle, then plan: the vehicle decides what may go on board."""
    policies.insist(policies.may_plan_any(request.user))
    chosen = VehicleForm(request.GET if "vehicle" in request.GET else None, user=request.user)
    if not chosen.is_valid():
        offered: Any = chosen.fields["vehicle"]
        return _new_page(request, chosen, choosing=True, is_empty=not offered.queryset.exists())
    return _plan(request, chosen.cleaned_data["vehicle"])


def _plan(request: HttpRequest, vehicle: Device) -> HttpResponse:
    form = TourForm(posted(request), user=request.user, vehicle=vehicle)

    def act() -> str:
        values = {"by": request.user, "at": timezone.now(), **form.values}
        tour = actions.plan_tour(alliance=_alliance(request, vehicle), vehicle=vehicle, **values)
        return tour.get_absolute_url()

    scope = f"tour:{vehicle.pk}:{request.user.pk}"
    if request.method == "POST" and (url := create(form, scope=scope, act=act)):
        messages.success(request, _("The tour is planned. Add its stops, then announce it."))
        return redirect(url)
    return _new_page(request, form, note=vehicle)


def _new_page(request: HttpRequest, form: Any, **more: Any) -> HttpResponse:
    return form_page(request, form, title=_("New tour"), back_url=reverse("tours:list"), **more)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Change name, time, note or what is on board."""
    tour = tour_of(request, public_id, to_plan=True)
    form = TourForm(posted(request), user=request.user, vehicle=tour.vehicle, tour=tour)

    def act() -> object:
        values = {"by": request.user, "at": timezone.now(), **form.values}
        return actions.change_tour(tour=tour, **values)

    if request.method == "POST" and attempt(form, act):
        messages.success(request, _("Saved; who counts on the tour is told."))
        return redirect(tour)
    title = _("Change “%(tour)s”") % {"tour": tour.name}
    return form_page(request, form, title=title, back_url=tour.get_absolute_url())


@require_POST
def move(request: HttpRequest, public_id: UUID, move: Move) -> HttpResponse:
    """Announce, finish, or call off with the reason."""
    tour = tour_of(request, public_id, to_plan=True)
    version = versions.parse(request.POST.get("version"))
    values: dict[str, Any] = {"by": request.user, "at": timezone.now(), "version": version}
    if move is not Move.CANCEL:
        actions.move(tour=tour, move=move, **values)
    else:
        form = ReasonForm(request.POST)

        def act() -> object:
            reason = form.cleaned_data["reason"]
            return actions.move(tour=tour, move=move, reason=reason, **values)

        if not attempt(form, act):
            return tour_page(request, tour, cancelling=form)
    done = {
        Move.ANNOUNCE: _("The tour is announced; its institutions are told."),
        Move.FINISH: _("The tour is done."),
        Move.CANCEL: _("The tour is called off; who counted on it is told."),
    }
    messages.success(request, done[move])
    return redirect(tour)


def _alliance(request: HttpRequest, vehicle: Device) -> Alliance:
    """Of the owner's alliances the one in which the planner works, else the first."""
    today = timezone.localdate()
    joined = alliances_of(vehicle.owner_id, on=today)
    own = alliance_seen_by(request.user, institution_id=vehicle.owner_id, on=today)
    if not joined:
        message = _("The vehicle's owner is in no alliance, so there is nobody to travel to.")
        raise DomainError("no_alliance", message)
    return own if own in joined else joined[0]
