"""Shared devices that nobody uses."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from alliance.core.policy import policy
from equipment.bookings.compliance import idle
from equipment.devices.models import Device

from ..scope import Scope
from .use import devices, last_used


@dataclass(frozen=True, slots=True)
class Idle:
    """A shared device that could be used and is not; `last` is its last use ever, if any."""

    device: Device
    last: datetime | None


def idle_weeks(scope: Scope) -> int:
    """After how many weeks without use the alliance calls a shared device idle."""
    key = "check.bookings.shared_idle.weeks"
    weeks: int = policy(key, on=scope.on, alliance_id=scope.place.alliance_id)
    return weeks


def idle_devices(scope: Scope, *, weeks: int) -> list[Idle]:
    """Those idle now as the nightly check means it, longest unused first; two queries."""
    rows = idle(devices(scope), weeks=weeks, until=scope.at, on=scope.on)
    found = list(rows.for_list())
    lasts = last_used([one.pk for one in found], before=scope.at)
    listed = [Idle(one, lasts.get(one.pk)) for one in found]
    never = [one for one in listed if one.last is None]
    known = [(one.last, one) for one in listed if one.last is not None]
    never.sort(key=lambda one: (one.device.in_use_from, one.device.pk))
    return never + [one for _last, one in sorted(known, key=lambda pair: pair[0])]
