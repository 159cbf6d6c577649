"""What the pages of tours show, put into words and rows, in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from alliance.core.templatetags.times import time_of_day, when

from .choices import Act, PlaceStatus, Status
from .models import Place, Stop, Tour, TourEvent

TONES: Mapping[str, str] = {
    Status.PLANNED: "neutral",
    Status.ANNOUNCED: "active",
    Status.DONE: "good",
    Status.CANCELLED: "bad",
}
_EVENT_TONES: Mapping[str, str] = {
    Act.CANCEL: "bad",
    Act.STOP_CANCEL: "warn",
    Act.FINISH: "good",
}


def span(starts_at: datetime, ends_at: datetime) -> str:
    """From when until when, the day once where it is the same."""
    is_one_day = timezone.localdate(starts_at) == timezone.localdate(ends_at)
    last = time_of_day(ends_at) if is_one_day else when(ends_at)
    return f"{when(starts_at)} — {last}"


def tour_row(tour: Tour) -> dict[str, Any]:
    """A tour in a list."""
    stops = ngettext("%(count)s stop", "%(count)s stops", tour.stop_count) % {
        "count": tour.stop_count
    }
    return {
        "title": tour.name,
        "url": tour.get_absolute_url(),
        "meta": span(tour.starts_at, tour.ends_at),
        "place": f"{tour.owner.short_name} · {tour.vehicle.name} · {stops}",
        "pill_tone": TONES[tour.status],
        "pill_label": tour.get_status_display(),
    }


def room(stop: Stop) -> str:
    """How many places are left."""
    if stop.free > 0:
        counts = {"free": stop.free, "count": stop.capacity}
        return _("%(free)s of %(count)s places free") % counts
    return _("full, %(count)s places") % {"count": stop.capacity}


def stop_state(stop: Stop, at: datetime) -> tuple[str, str]:
    """How a stop stands, as tone and word; empty where it is simply to come."""
    if stop.cancelled_at is not None or stop.tour.status == Status.CANCELLED:
        return "bad", pgettext("tour", "Called off")
    if stop.ends_at <= at:
        return "neutral", _("Over")
    if stop.starts_at <= at:
        return "active", _("Now")
    return "", ""


def stop_row(stop: Stop, at: datetime, *, with_tour: bool = False) -> dict[str, Any]:
    """A stop in a list: of its tour, or of one's own institution."""
    tone, label = stop_state(stop, at)
    place = " · ".join(filter(None, [stop.tour.name if with_tour else "", stop.location]))
    return {
        "title": stop.institution.name,
        "url": stop.get_absolute_url(),
        "meta": span(stop.starts_at, stop.ends_at),
        "place": place,
        "pill_tone": tone,
        "pill_label": label,
        "note": "" if tone == "bad" else room(stop),
    }


def tour_facts(tour: Tour, devices: Iterable[str]) -> list[dict[str, Any]]:
    """What a tour is."""
    return [
        {"label": _("Away"), "value": span(tour.starts_at, tour.ends_at)},
        {"label": pgettext("equipment", "Owner"), "value": tour.owner.name},
        {"label": pgettext("equipment", "Vehicle"), "value": tour.vehicle.name},
        {"label": _("Devices on board"), "value": "、".join(devices), "wide": True},
        {"label": _("Note"), "value": tour.note, "wide": True},
    ]


def stop_facts(stop: Stop, devices: Iterable[str]) -> list[dict[str, Any]]:
    """What a stop is."""
    return [
        {"label": _("Time"), "value": span(stop.starts_at, stop.ends_at)},
        {
            "label": pgettext("tour", "Where it stands"),
            "value": stop.location or stop.institution.name,
        },
        {"label": pgettext("tour", "Places"), "value": room(stop)},
        {"label": _("Devices on board"), "value": "、".join(devices), "wide": True},
        {"label": _("Note"), "value": stop.tour.note, "wide": True},
    ]


def on_board(tour: Tour) -> list[str]:
    """The names of the devices on board."""
    lines = tour.lines.exclude(device=tour.vehicle_id).select_related("device")
    return [line.device.name for line in lines]


def place_rows(places: Iterable[Place], *, may_cancel: bool) -> list[dict[str, Any]]:
    """Places with what the list of a stop shows."""
    return [
        {
            "place": place,
            "is_booked": place.status == PlaceStatus.BOOKED,
            "may_cancel": may_cancel and place.status == PlaceStatus.BOOKED,
        }
        for place in places
    ]


def history(events: Iterable[TourEvent]) -> list[dict[str, Any]]:
    """The events of a tour for the timeline."""
    return [
        {
            "at": event.at,
            "who": str(event.by),
            "what": event.get_act_display(),
            "note": event.stop.institution.short_name if event.stop else "",
            "quote": event.reason,
            "tone": _EVENT_TONES.get(event.act, ""),
        }
        for event in events
    ]
