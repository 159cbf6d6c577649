"""The waiting list: standing in line, answering offers, leaving."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from alliance.core.forms import create, posted
from alliance.core.listing import listing
from alliance.institutions.models import Institution

from ..errors import BookingRefused
from ..models import WaitingEntry, WaitingOffer
from ..views.rebooking import refusal
from ..views.shared import booking_house, look, named_persons, tabs
from ..ways import form_url
from . import actions, queues
from .errors import FreeNow
from .forms import WaitForm, begun


@require_safe
def waiting(request: HttpRequest) -> HttpResponse:
    """Who waits, with their place and what is offered; those with an offer of one's own on top."""
    look(request)
    rows = WaitingEntry.objects.visible_to(request.user).on_the_list()
    page = listing(request, rows.for_list(), ordering="pk")
    context = {
        "rows": queues.rows(page.rows, request.user),
        "listing": page,
        "tabs": tabs(request),
    }
    return TemplateResponse(request, "bookings/waiting.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def wait(request: HttpRequest) -> HttpResponse:
    """Stand in line for a device."""
    house, now = booking_house(request), timezone.now()
    form = _form(request, house, now)

    def act() -> str:
        actions.join_list(institution=house, at=now, by=request.user, **form.values)
        return reverse("bookings:waiting")

    free = None
    try:
        url = create(form, scope=f"waiting:{request.user.pk}", act=act) if form.is_bound else None
    except FreeNow as found:
        url, free = None, _free(found)
    if url is not None:
        messages.success(request, _("You stand in line; you are told when something is free."))
        return redirect(url)
    status = 409 if free else 422 if form.errors else 200
    context = {"form": form, "persons": form.persons, "free": free}
    return TemplateResponse(request, "bookings/wait.html", context, status=status)


def _free(found: FreeNow) -> dict[str, str]:
    """What is free already, and the form that books it with everything filled in."""
    asked = found.asked
    return {"words": found.words, "url": form_url(asked, asked.devices, asked.period.since)}


def _form(request: HttpRequest, house: Institution, now: datetime) -> WaitForm:
    """The form; bound where it was sent to stand in line, not only to find the patient."""
    return WaitForm(
        None if "look" in request.POST else posted(request),
        user=request.user,
        house=house,
        persons=named_persons(request, house, request.POST or request.GET),
        initial=begun(request, now),
    )


@require_POST
def accept(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Take an offered time; it is booked."""
    offer = _offer(request, public_id)
    try:
        row = actions.accept_offer(offer=offer, by=request.user, at=timezone.now())
    except BookingRefused as refused:
        note = _("The offer is withdrawn. You wait on in your old place.")
        return refusal(request, refused, note=note, back=reverse("bookings:waiting"))
    messages.success(request, _("The booking is made."))
    return redirect(row)


@require_POST
def let_go(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Let an offered time go; one waits on."""
    actions.let_go(offer=_offer(request, public_id), by=request.user, at=timezone.now())
    messages.success(request, _("The next in line is asked. You wait on in your place."))
    return redirect("bookings:waiting")


@require_POST
def leave(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Wait no longer."""
    rows = WaitingEntry.objects.visible_to(request.user)
    entry: Any = get_object_or_404(rows, public_id=public_id)
    actions.leave_list(entry=entry, by=request.user, at=timezone.now())
    messages.success(request, _("You wait no longer."))
    return redirect("bookings:waiting")


def _offer(request: HttpRequest, public_id: UUID) -> Any:
    return get_object_or_404(WaitingOffer.objects.visible_to(request.user), public_id=public_id)
