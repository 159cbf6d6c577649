"""Calendars for other programs: opening, revoking, and reading at the secret address."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from equipment.devices.models import Device

from .. import agenda
from ..models import CalendarFeed
from ..views.shared import look, tabs
from . import actions, addresses, ical, selectors, throttling


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """One's feeds with their addresses."""
    look(request)
    rows = CalendarFeed.objects.visible_to(request.user).running().select_related("device__owner")
    feeds = [_shown(request, feed) for feed in rows.order_by("pk")]
    context = {
        "feeds": feeds,
        "has_own": any(feed["feed"].device_id is None for feed in feeds),
        "tabs": tabs(request),
    }
    return TemplateResponse(request, "bookings/feeds.html", context)


@require_POST
def open_own(request: HttpRequest) -> HttpResponse:
    """Make an address for one's own bookings."""
    actions.open_feed(by=request.user)
    messages.success(request, _("Here is the address of your calendar."))
    return redirect("bookings:feeds")


@require_POST
def open_device(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Make an address for the calendar of a device."""
    rows = Device.objects.visible_to(request.user)
    device = get_object_or_404(rows, public_id=public_id)
    actions.open_feed(by=request.user, device=device)
    messages.success(request, _("Here is the address of the device's calendar."))
    return redirect("bookings:feeds")


@require_POST
def revoke(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Make an address worthless."""
    feed = get_object_or_404(CalendarFeed.objects.visible_to(request.user), public_id=public_id)
    actions.revoke_feed(feed=feed, by=request.user)
    messages.success(request, _("The address no longer answers."))
    return redirect("bookings:feeds")


@login_not_required
@require_safe
def read(request: HttpRequest, token: str) -> HttpResponse:
    """The calendar behind a secret address, for programs that cannot sign in."""
    if not throttling.may_read():
        return HttpResponse(status=429, headers={"Retry-After": "60"})
    feed = selectors.feed_of(addresses.digest(token))
    if feed is None:
        raise Http404
    now = timezone.now()
    actions.note_read(feed=feed, at=now)
    with translation.override(feed.user.language):
        body = _calendar(feed, now)
    headers = {"Cache-Control": "private, max-age=300", "Content-Disposition": "inline"}
    return HttpResponse(body, content_type="text/calendar; charset=utf-8", headers=headers)


def _calendar(feed: CalendarFeed, now: datetime) -> bytes:
    since, until = now - agenda.BACK, now + agenda.AHEAD
    if feed.device is None:
        found = agenda.own_between(feed.user, since, until)
        return ical.own(found, name=_("My device bookings"))
    lines = agenda.lines_between([feed.device_id], since, until)
    known = agenda.known_among(feed.user, lines)
    return ical.of_device(lines, name=str(feed.device), known=known)


def _shown(request: HttpRequest, feed: CalendarFeed) -> dict[str, Any]:
    path = reverse("bookings:feed", args=[addresses.make(feed)])
    address = request.build_absolute_uri(path)
    return {"feed": feed, "address": address, "webcal": f"webcal:{address.partition(':')[2]}"}
