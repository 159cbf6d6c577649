"""Stops: one stop with its places, adding, changing and calling it off."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from alliance.core import versions
from alliance.core.forms import attempt, create, posted

from .. import actions, policies, presenters, selectors
from ..choices import HOLDING
from ..forms import PlaceForm, ReasonForm, StopForm
from ..models import Place, Stop
from .shared import form_page, stop_of, tour_of


@require_safe
def detail(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One stop: when, where, how many places are left; who comes, for those it concerns."""
    return stop_page(request, stop_of(request, public_id))


def stop_page(
    request: HttpRequest, stop: Stop, *, booking: Any = None, cancelling: Any = None
) -> HttpResponse:
    """The page of a stop; a form that came back with errors stands open on it."""
    now = timezone.now()
    tone, state = presenters.stop_state(stop, now)
    is_open = (
        Stop.objects.visible_to(request.user)
        .bookable_by(request.user, now)
        .filter(pk=stop.pk)
        .exists()
    )
    is_to_come = stop.starts_at > now and stop.cancelled_at is None
    may_plan = policies.may_plan(request.user, stop.tour)
    may_change = may_plan and is_to_come and stop.tour.status in HOLDING
    places = Place.objects.visible_to(request.user).filter(stop=stop).for_list()
    places = places.lost() if tone == "bad" else places.booked()
    may_cancel = is_to_come and policies.may_see_places(request.user, stop)
    form = PlaceForm(user=request.user, stop=stop) if is_open and stop.free > 0 else None
    context = {
        "stop": stop,
        "tone": tone,
        "state": state,
        "facts": presenters.stop_facts(stop, presenters.on_board(stop.tour)),
        "may_see": policies.may_see_places(request.user, stop),
        "places": presenters.place_rows(places.order_by("number"), may_cancel=may_cancel),
        "booking": booking or form,
        "instead": _instead(request, stop, now)
        if tone == "bad" or (is_open and stop.free <= 0)
        else [],
        "is_full": is_open and stop.free <= 0,
        "may_change": may_change,
        "cancelling": cancelling or ReasonForm(initial={"version": stop.version}),
    }
    status = 422 if booking or cancelling else 200
    return TemplateResponse(request, "tours/stop.html", context, status=status)


def _instead(request: HttpRequest, stop: Stop, now: datetime) -> list[dict[str, Any]]:
    """Other stops with a free place, as far as the reader sees them."""
    seen = Stop.objects.visible_to(request.user)
    found = selectors.instead_of(stop, now)
    known = set(seen.filter(pk__in=[one.pk for one in found]).values_list("pk", flat=True))
    return [presenters.stop_row(one, now, with_tour=True) for one in found if one.pk in known]


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Add a stop to a tour."""
    tour = tour_of(request, public_id, to_plan=True)
    form = StopForm(posted(request), user=request.user)

    def act() -> str:
        values = {"by": request.user, "at": timezone.now(), **form.values}
        actions.add_stop(tour=tour, **values)
        return tour.get_absolute_url()

    scope = f"stop:{tour.pk}:{request.user.pk}"
    if request.method == "POST" and (url := create(form, scope=scope, act=act)):
        messages.success(request, _("The stop is added."))
        return redirect(url)
    if not form.is_bound:
        form.initial["starts_at"] = tour.starts_at
    title = _("New stop: %(tour)s") % {"tour": tour.name}
    note = presenters.span(tour.starts_at, tour.ends_at)
    return form_page(request, form, title=title, note=note, back_url=tour.get_absolute_url())


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Change when and where the vehicle stops, and for how many."""
    stop = stop_of(request, public_id, to_plan=True)
    form = StopForm(posted(request), user=request.user, stop=stop)

    def act() -> object:
        values = {"by": request.user, "at": timezone.now(), **form.values}
        return actions.change_stop(stop=stop, **values)

    if request.method == "POST" and attempt(form, act):
        messages.success(request, _("Saved; who counts on the stop is told."))
        return redirect(stop)
    title = _("Change the stop at %(house)s") % {"house": stop.institution.short_name}
    return form_page(request, form, title=title, back_url=stop.get_absolute_url())


@require_POST
def cancel(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Call a stop off, with the reason."""
    stop = stop_of(request, public_id, to_plan=True)
    form = ReasonForm(request.POST)
    version = versions.parse(request.POST.get("version"))

    def act() -> object:
        reason = form.cleaned_data["reason"]
        at = timezone.now()
        return actions.cancel_stop(
            stop=stop, reason=reason, by=request.user, at=at, version=version
        )

    if not attempt(form, act):
        return stop_page(request, stop, cancelling=form)
    messages.success(request, _("The stop is called off; who booked there is told."))
    return redirect(stop.tour)
