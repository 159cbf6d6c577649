"""Who is held up by whom, and when a booking could begin instead."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from django.utils import timezone

from equipment.service import selectors as service

from .. import holds, judging
from ..models import BookedDevice, BookedPerson, Booking, WaitingOffer
from ..rules import Period, openings
from . import rules
from .rules import Busy

# How far ahead another time is looked for.
_AHEAD = timedelta(days=3)
_NEAR = timedelta(days=1)
OFFERED = 3


def times_for(
    row: Booking, lines: Sequence[BookedDevice], *, at: datetime, limit: int = OFFERED
) -> list[datetime]:
    """When a booking that is held up could begin instead: devices, people and hours fit."""
    return rules.starts(
        after=earliest(row, lines, at=at),
        until=at + _AHEAD,
        length=row.ends_at - row.starts_at,
        busy=_busy(row, lines, at),
        limit=limit,
    )


def earliest(row: Booking, lines: Sequence[BookedDevice], *, at: datetime) -> datetime:
    """When it could begin if the devices came back this minute: clean, and set up."""
    minutes = max(line.device.cleaning + line.device.setup for line in lines)
    return max(row.starts_at, at + timedelta(minutes=minutes))


def fits(row: Booking, lines: Sequence[BookedDevice], start: datetime, *, at: datetime) -> bool:
    """Whether a booking could begin then: near enough, and nothing is in its way."""
    length = row.ends_at - row.starts_at
    if not earliest(row, lines, at=at) <= start <= at + _AHEAD:
        return False
    return not any(one.meets(start, length) for one in _busy(row, lines, at))


def _busy(row: Booking, lines: Sequence[BookedDevice], at: datetime) -> list[Busy]:
    """Everything in the way of a booking but itself."""
    since, until = at - _NEAR, at + _AHEAD + _NEAR
    devices = {line.device_id: line.device for line in lines}
    around = {
        pk: (timedelta(minutes=one.setup), timedelta(minutes=one.cleaning))
        for pk, one in devices.items()
    }
    booked: Any = BookedDevice.objects.blocking(since, until).exclude(booking=row)
    kept: Any = WaitingOffer.objects.holding(since, until)
    taken = [
        (pk, begins, ends)
        for rows in (booked, kept)
        for pk, begins, ends in rows.filter(device__in=devices).values_list(
            "device_id", "block_from", "block_until"
        )
    ]
    taken += [
        (one.device_id, one.since, one.until) for one in holds.holds(list(devices), since, until)
    ]
    outs = service.why_out(list(devices), since=since, until=until)
    taken += [(pk, one.since, one.until or until) for pk, found in outs.items() for one in found]
    return [
        *(Busy(begins, ends, *around[pk]) for pk, begins, ends in taken),
        *_people(row, since, until),
        *_closed(row, lines, Period(since, until)),
    ]


def _people(row: Booking, since: datetime, until: datetime) -> list[Busy]:
    wanted = [pk for pk in (row.operator_id, row.mentor_id) if pk is not None]
    bound: Any = BookedPerson.objects.bound(since, until).exclude(booking=row)
    times = bound.filter(practitioner__in=wanted).values_list("starts_at", "ends_at")
    return [Busy(begins, ends) for begins, ends in times]


def _closed(row: Booking, lines: Sequence[BookedDevice], asked: Period) -> list[Busy]:
    """The hours in which others' devices are not shared."""
    if all(line.device.owner_id == row.institution_id for line in lines):
        return []
    settings = judging.settings_of(row.alliance_id, timezone.localdate(asked.since, judging.zone()))
    hours = openings(asked, judging.limits(settings, row.institution.tier), judging.zone())
    edges = [Period(asked.since, asked.since), *hours, Period(asked.until, asked.until)]
    return [Busy(one.until, two.since) for one, two in pairwise(edges) if one.until < two.since]
