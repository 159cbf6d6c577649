"""Shared devices that nobody uses."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time

from django.db.models.functions import Coalesce
from django.utils import timezone

from alliance.core.policy import policy
from equipment.bookings.compliance import idle
from equipment.devices.models import Device, SharedTime
from equipment.service.downs import last_back

from ..scope import Scope
from .use import devices, last_used


@dataclass(frozen=True, slots=True)
class Idle:
    """A shared device that could be used and is not: since when, and its last use ever, if any."""

    device: Device
    since: datetime
    last: datetime | None


def idle_weeks(scope: Scope) -> int:
    """After how many weeks without use the alliance calls a shared device idle."""
    key = "check.bookings.shared_idle.weeks"
    weeks: int = policy(key, on=scope.on, alliance_id=scope.place.alliance_id)
    return weeks


def idle_devices(scope: Scope, *, weeks: int) -> list[Idle]:
    """Those idle now as the nightly check means it, longest idle first; five queries."""
    rows = idle(devices(scope), weeks=weeks, until=scope.at, on=scope.on)
    found = list(rows.for_list())
    ids = [one.pk for one in found]
    lasts = last_used(ids, before=scope.at)
    moments = (
        {one.pk: _midnight(one.in_use_from) for one in found},
        _shared_since(ids, scope.at),
        last_back(ids, until=scope.at),
        {pk: ended for pk, (_began, ended) in lasts.items() if ended},
    )
    listed = [
        Idle(
            one,
            max(by[one.pk] for by in moments if one.pk in by),
            lasts[one.pk][0] if one.pk in lasts else None,
        )
        for one in found
    ]
    return sorted(listed, key=lambda row: (row.since, row.device.pk))


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _shared_since(ids: list[int], at: datetime) -> dict[int, datetime]:
    """By device: from when on it is on record that it is shared, as it is at a moment."""
    rows = SharedTime.objects.at(at).filter(device__in=ids)
    return dict(rows.values_list("device").annotate(at=Coalesce("since", "noted_at")))
