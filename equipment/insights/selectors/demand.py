"""What was wanted and not to be had, and how long people wait."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import (
    Aggregate,
    BigIntegerField,
    Count,
    DurationField,
    Exists,
    F,
    Func,
    Min,
    OuterRef,
    Q,
)
from django.db.models.functions import Coalesce, TruncDate

from alliance.institutions.models import Membership
from equipment.bookings.choices import LIVE, LONGEST
from equipment.bookings.models import BookedDevice, Booking, BookingRefusal, WaitingEntry
from equipment.devices.models import Device, DeviceType, SharedTime
from equipment.service.models import Outage

from ..choices import NEVER, WANTING
from ..scope import Scope


class Median(Aggregate):
    """The middle one of durations."""

    function = "PERCENTILE_CONT"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = DurationField()


@dataclass(frozen=True, slots=True)
class Wait:
    """How long people wait for a type: from booking to use, and on the waiting list."""

    type: DeviceType
    bookings: int
    lead: timedelta | None
    entries: int
    offered: int
    until_offer: timedelta | None


# One press of a button: all that was refused of one series counts once.
_PRESS = Coalesce(-F("series_id"), F("pk"), output_field=BigIntegerField())


def refusals(scope: Scope) -> Any:
    """Refused bookings of the period that the place met, or that its devices caused."""
    return BookingRefusal.objects.filter(scope.met(), at__gte=scope.since, at__lt=scope.at)


def reasons(scope: Scope) -> list[tuple[str, int]]:
    """By code: how many refusals gave it as one of their reasons, most first."""
    rows = (
        refusals(scope)
        .order_by()
        .annotate(code=Func(F("codes"), function="unnest", set_returning=True))
        .values_list("code")
        .annotate(number=Count(_PRESS, distinct=True))
    )
    return sorted(rows, key=lambda row: (-row[1], row[0]))


def waits(scope: Scope) -> list[Wait]:
    """By type of device, the longest waiting list first; three queries."""
    booked = _booked(scope)
    listed = _listed(scope)
    types = DeviceType.objects.in_bulk({*booked, *listed})
    rows = []
    for pk, one in types.items():
        number, lead = booked.get(pk, (0, None))
        rows.append(Wait(one, number, lead, *listed.get(pk, (0, 0, None))))
    return sorted(rows, key=lambda row: (-row.entries, -row.bookings, row.type.name, row.type.pk))


def _booked(scope: Scope) -> dict[int, tuple[int, Any]]:
    """By type: bookings made in the period that held, and the middle time until they began."""
    rows = BookedDevice.objects.filter(
        booking__created_at__gte=scope.since,
        booking__created_at__lt=scope.at,
        booking__status__in=LIVE,
        booking__starts_at__gte=F("booking__created_at"),
        **_asked_by(scope, "booking__"),
    )
    if scope.type_id is not None:
        rows = rows.filter(device__type=scope.type_id)
    ahead = Median(F("booking__starts_at") - F("booking__created_at"))
    grouped = rows.order_by().values_list("device__type").annotate(Count("pk"), ahead=ahead)
    return {pk: (number, lead) for pk, number, lead in grouped}


def _listed(scope: Scope) -> dict[int, tuple[int, int, Any]]:
    """By type: entries made in the period, those that had an offer, the middle time until then."""
    rows = WaitingEntry.objects.filter(
        scope.asking(), created_at__gte=scope.since, created_at__lt=scope.at
    )
    first: Any = (
        rows.order_by()
        .annotate(until=Min("offers__created_at") - F("created_at"))
        .values_list("type", "until")
    )
    found: dict[int, list[timedelta | None]] = {}
    for pk, until in first:
        found.setdefault(pk, []).append(until)
    return {pk: _of_entries(untils) for pk, untils in found.items()}


def _of_entries(untils: list[timedelta | None]) -> tuple[int, int, timedelta | None]:
    offered = sorted(one for one in untils if one is not None)
    return len(untils), len(offered), offered[(len(offered) - 1) // 2] if offered else None


def _asked_by(scope: Scope, path: str) -> dict[str, Any]:
    if scope.place.institution_id is not None:
        return {f"{path}institution": scope.place.institution_id}
    return {f"{path}alliance": scope.place.alliance_id}


def wanting(scope: Scope) -> Any:
    """Refusals that a further device would have granted, of who then got none on that day.

    Not those for a time that no device can be booked for, nor where another of the type was free.
    """
    got = Booking.objects.alias(day=TruncDate("starts_at")).filter(
        institution=OuterRef("institution"),
        lines__device__type=OuterRef("type"),
        status__in=LIVE,
        day=OuterRef("day"),
    )
    return (
        BookingRefusal.objects.filter(
            scope.asking(), at__gte=scope.since, at__lt=scope.at, codes__overlap=list(WANTING)
        )
        .exclude(codes__overlap=list(NEVER))
        .annotate(day=TruncDate("starts_at"))
        .filter(~Exists(got), ~Exists(_free(scope)))
    )


def _free(scope: Scope) -> Any:
    """Other devices of a refusal's type that were to be had then: neither booked nor down."""
    since, until = OuterRef(OuterRef("starts_at")), OuterRef(OuterRef("ends_at"))
    members = Membership.objects.in_force(scope.on).filter(alliance=scope.place.alliance_id)
    booked = BookedDevice.objects.filter(
        device=OuterRef("pk"),
        is_live=True,
        block_from__lt=until,
        block_from__gt=since - LONGEST,
        block_until__gt=since,
    )
    down = Outage.objects.filter(device=OuterRef("pk"), starts_at__lt=until)
    lent = Q(Exists(SharedTime.objects.at(since).filter(device=OuterRef("pk"))))
    return Device.objects.filter(
        Q(retired_on=None) | Q(retired_on__gt=OuterRef("day")),
        Q(owner=OuterRef("institution")) | lent & Q(owner__in=members.values("institution")),
        ~Exists(booked),
        ~Exists(down.filter(Q(ends_at=None) | Q(ends_at__gt=since))),
        type=OuterRef("type"),
        in_use_from__lte=OuterRef("day"),
    ).exclude(pk=OuterRef("device"))
