"""Calendars: the day or week of an institution's devices, and the week of one device."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from alliance.core.days import is_plausible
from alliance.core.templatetags.times import day_and_weekday
from alliance.institutions.models import Institution
from alliance.people.selectors import acting_institution
from equipment.devices.models import Device, DeviceType
from equipment.devices.selectors import alliance_of, types_among

from .. import boards, policies
from .shared import look, tabs

_DEVICES_MOST = 30
_WEEK = 7


@require_safe
def calendar(request: HttpRequest) -> HttpResponse:
    """An institution's devices on a day, or through a week (`?view=week`)."""
    look(request)
    day, weekly = _day(request), request.GET.get("view") == "week"
    houses = _houses(request)
    house = _chosen(request, houses)
    rows = Device.objects.visible_to(request.user).standing_on(day).filter(owner=house)
    kinds, kind = _kinds(request, rows)
    if kind is not None:
        rows = rows.filter(type=kind)
    page = _Page(request, rows.order_by("type__name", "name", "pk"))
    step = timedelta(days=_WEEK if weekly else 1)
    context = {
        "day": day,
        "weekly": weekly,
        "houses": houses,
        "house": house,
        "kinds": kinds,
        "kind": kind,
        "page": page,
        "links": {
            "previous": _address(request, day=day - step),
            "next": _address(request, day=day + step),
            "today": _address(request, day=""),
            "day": _address(request, day=day, view=""),
            "week": _address(request, day=day, view="week"),
        },
        "tabs": tabs(request),
        "may_search": policies.searches(request.user),
        **(_week if weekly else _one_day)(request, page.devices, day),
    }
    return TemplateResponse(request, "bookings/calendar.html", context)


def _kinds(request: HttpRequest, rows: Any) -> tuple[list[DeviceType], DeviceType | None]:
    """The types of which the house has devices, and the one asked for."""
    kinds = list(types_among(rows).order_by("name"))
    asked = request.GET.get("type", "")
    return kinds, next((one for one in kinds if str(one.public_id) == asked), None)


class _Page:
    """A page of devices: how many there are, which of them are shown, where the others are."""

    def __init__(self, request: HttpRequest, rows: Any) -> None:
        ids = list(rows.values_list("pk", flat=True))
        self.count = len(ids)
        asked = request.GET.get("from", "")
        begin = int(asked) - 1 if asked.isascii() and asked.isdigit() and len(asked) < 6 else 0
        begin = begin if 0 <= begin < self.count else 0
        shown = ids[begin : begin + _DEVICES_MOST]
        self.first, self.last = begin + 1, begin + len(shown)
        found = {one.pk: one for one in rows.filter(pk__in=shown).for_list()}
        self.devices = [found[pk] for pk in shown]
        earlier = max(begin - _DEVICES_MOST, 0) + 1
        self.previous_url = _address(request, **{"from": earlier}) if begin else ""
        more = self.last < self.count
        self.next_url = _address(request, **{"from": self.last + 1}) if more else ""


def _address(request: HttpRequest, **changes: Any) -> str:
    """This page with something else asked for; nothing stands for what is left out."""
    query = request.GET.copy()
    for name, value in changes.items():
        query[name] = str(value)
    return "?" + urlencode([(name, value) for name, value in query.items() if value])


@require_safe
def device(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The week of one device, a lane a day."""
    rows = Device.objects.visible_to(request.user).for_list()
    row: Any = get_object_or_404(rows, public_id=public_id)
    day = _day(request)
    days = _days_of(day)
    hours = _hours(row.owner_id, day)
    since, until = hours.of(days[0])[0], hours.of(days[-1])[1]
    board = _read(request, [row], since, until)
    context = {
        "device": row,
        "day": day,
        "links": {
            "previous": _address(request, day=day - timedelta(days=_WEEK)),
            "next": _address(request, day=day + timedelta(days=_WEEK)),
            "today": _address(request, day=""),
        },
        "last": days[-1],
        "hours": hours,
        "lanes": [
            boards.Lane(day_and_weekday(one), "", "", board.lane(row, *hours.of(one)))
            for one in days
        ],
        "tabs": tabs(request),
    }
    return TemplateResponse(request, "bookings/device.html", context)


def _one_day(request: HttpRequest, devices: Sequence[Any], day: date) -> dict[str, Any]:
    hours = _hours(devices[0].owner_id if devices else None, day)
    since, until = hours.of(day)
    board = _read(request, devices, since, until)
    return {
        "hours": hours,
        "lanes": [
            boards.Lane(
                device.name,
                reverse("bookings:device", args=[device.public_id]),
                " · ".join(filter(None, [device.asset_number, device.location])),
                board.lane(device, since, until),
            )
            for device in devices
        ],
    }


def _week(request: HttpRequest, devices: Sequence[Any], day: date) -> dict[str, Any]:
    days = _days_of(day)
    hours = _hours(devices[0].owner_id if devices else None, day)
    board = _read(request, devices, hours.of(days[0])[0], hours.of(days[-1])[1])
    return {
        "days": days,
        "rows": [(one, boards.week_of(board, one, days, hours)) for one in devices],
    }


def _read(
    request: HttpRequest, devices: Sequence[Any], since: datetime, until: datetime
) -> boards.Board:
    house = acting_institution(request)
    books = house is not None and policies.may_book(request.user, house.pk)

    def free_url(device: Any, at: datetime) -> str:
        if not books:
            return ""
        start = timezone.localtime(at).strftime("%Y-%m-%dT%H:%M")
        query = urlencode({"device": device.public_id, "start": start})
        return f"{reverse('bookings:book')}?{query}"

    now = timezone.now()
    return boards.read(request.user, devices, since, until, at=now, free_url=free_url)


def _hours(owner_id: int | None, on: date) -> boards.Hours:
    alliance = alliance_of(owner_id, on) if owner_id is not None else None
    return boards.sharing_hours(alliance.pk if alliance else None, on)


def _houses(request: HttpRequest) -> list[Institution]:
    """Institutions with devices that the reader sees."""
    owners = Device.objects.visible_to(request.user).values("owner")
    return list(Institution.objects.filter(pk__in=owners).order_by("tier", "name"))


def _chosen(request: HttpRequest, houses: Sequence[Institution]) -> Institution | None:
    """The one asked for, else one's own, else the first."""
    by_id = {str(house.public_id): house for house in houses}
    asked = by_id.get(request.GET.get("house", ""))
    if asked is not None:
        return asked
    mine = acting_institution(request)
    return mine if mine in houses else next(iter(houses), None)


def _day(request: HttpRequest) -> date:
    """The day in the address; anything else means today."""
    try:
        day = date.fromisoformat(request.GET.get("day", ""))
    except ValueError:
        return timezone.localdate()
    return day if is_plausible(day) else timezone.localdate()


def _days_of(day: date) -> list[date]:
    """Monday to Sunday of a day's week."""
    monday = day - timedelta(days=day.weekday())
    return [monday + timedelta(days=number) for number in range(_WEEK)]
