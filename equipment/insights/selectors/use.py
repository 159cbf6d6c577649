"""How much devices are used: by hour and weekday, and each against the time it could be booked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import connection
from django.db.models import (
    Case,
    Count,
    DateTimeField,
    Exists,
    F,
    Min,
    OuterRef,
    Q,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Greatest, Least
from django.utils import timezone

from alliance.core.policy import policies
from alliance.institutions.models import Membership
from equipment.bookings.choices import LIVE, LONGEST, Status
from equipment.bookings.models import BookedDevice
from equipment.devices.models import Device, SharedTime

from .. import rules
from ..scope import Scope
from .hours import bookable_hours, capacity

_HEAT: Final = """
WITH used (began, ended) AS (
    SELECT began AT TIME ZONE %s, ended AT TIME ZONE %s FROM ({rows}) AS line
)
SELECT extract(isodow FROM hour)::int - 1, extract(hour FROM hour)::int,
       sum(extract(epoch FROM least(ended, hour + interval '1 hour') - greatest(began, hour)))
           / 3600
FROM used CROSS JOIN LATERAL generate_series(
    date_trunc('hour', began), ended - interval '1 microsecond', interval '1 hour'
) AS hour
WHERE ended > began
GROUP BY 1, 2
"""


@dataclass(frozen=True, slots=True)
class Use:
    """One device: hours booked and really used, of those in which it could be booked."""

    device: Device
    uses: int
    booked: float
    used: float
    bookable: float

    @property
    def share(self) -> float:
        """The part of the bookable time that was used."""
        return self.used / self.bookable if self.bookable else 0.0


def open_hours(scope: Scope) -> tuple[int, int]:
    """The hours of the day between which devices are shared, as the alliance has set them."""
    set_ = policies(alliance_id=scope.place.alliance_id, on=scope.on, prefix="bookings.open_")
    return set_["bookings.open_from"], set_["bookings.open_until"]


def devices(scope: Scope) -> Any:
    """Devices of the place that stood on the register at a time of the period."""
    stood = Q(retired_on=None) | Q(retired_on__gt=scope.first)
    rows = Device.objects.filter(stood, scope.devices(), in_use_from__lt=scope.after)
    if scope.place.institution_id is None:
        # Who is a member today; also with devices retired within the period.
        members = Membership.objects.in_force(scope.on).filter(alliance=scope.place.alliance_id)
        rows = rows.filter(owner__in=members.values("institution"))
    return rows


def lines(scope: Scope, *, whose: Q | None = None) -> Any:
    """Devices of bookings that may reach into the period: of the place's devices, unless said."""
    rows = BookedDevice.objects.filter(
        scope.devices("device__") if whose is None else whose,
        booking__starts_at__gte=scope.since - LONGEST,
        booking__starts_at__lt=scope.at,
    )
    if scope.place.institution_id is None:
        rows = rows.filter(booking__alliance=scope.place.alliance_id)
    return rows


def _clipped(scope: Scope, began: Any, ended: Any) -> dict[str, Any]:
    """The part of a time that lies in the period."""
    return {
        "began": Greatest(began, Value(scope.since)),
        "ended": Least(ended, Value(scope.at)),
    }


def used_lines(scope: Scope, *, whose: Q | None = None) -> Any:
    """Lines really used in the period, with `began` and `ended` within it."""
    ended = Case(
        When(booking__status=Status.IN_USE, then=Value(scope.at)),
        default=F("booking__used_until"),
        output_field=DateTimeField(),
    )
    return (
        lines(scope, whose=whose)
        .filter(booking__status__in=(Status.IN_USE, Status.COMPLETED))
        .annotate(**_clipped(scope, F("booking__used_from"), ended))
        .filter(ended__gt=F("began"))
    )


def shared(scope: Scope) -> Any:
    """Those of the devices that were shared at a time of the period."""
    return devices(scope).filter(was_shared(scope))


def was_shared(scope: Scope) -> Exists:
    """Whether a device was shared at a time of the period."""
    return Exists(SharedTime.objects.meeting(scope.since, scope.at).filter(device=OuterRef("pk")))


def unrecorded(scope: Scope) -> tuple[int, datetime | None]:
    """Shared devices of whose past in the period nothing is on record: how many, the first since.

    They came onto the register after their first day of use, and count as shared from that day on.
    """
    noted = SharedTime.objects.filter(
        device__in=devices(scope).values("pk"),
        since=None,
        noted_at__gt=scope.since,
        noted_at__date__gt=F("device__in_use_from"),
    )
    found = noted.aggregate(number=Count("pk"), first=Min("noted_at"))
    return found["number"], found["first"]


def _while_shared(rows: Any, moment: str) -> Any:
    """Those of the lines whose device was shared when they began."""
    times = SharedTime.objects.at(OuterRef(moment)).filter(device=OuterRef("device"))
    return rows.filter(Exists(times))


def heat_map(scope: Scope) -> list[rules.Hour]:
    """The hours that shared devices were used, by hour of the day and weekday; four queries."""
    rows = _while_shared(used_lines(scope), "booking__used_from").order_by()
    inner, given = rows.values_list("began", "ended").query.sql_with_params()
    zone = timezone.get_current_timezone_name()
    with connection.cursor() as cursor:
        cursor.execute(_HEAT.format(rows=inner), [zone, zone, *given])
        used = {(day, hour): float(hours) for day, hour, hours in cursor.fetchall()}
    opens, closes = open_hours(scope)
    return rules.heat(used, capacity(shared(scope), scope), opens=opens, closes=closes)


def uses(scope: Scope) -> list[Use]:
    """Every device shared in the period with its hours, least used first; six queries."""
    found = list(shared(scope).for_list())
    used = _sums(_while_shared(used_lines(scope), "booking__used_from"))
    booked = lines(scope).filter(booking__status__in=LIVE)
    period = _clipped(scope, F("booking__starts_at"), F("booking__ends_at"))
    planned = _sums(
        _while_shared(booked, "booking__starts_at").annotate(**period).filter(ended__gt=F("began"))
    )
    opens, closes = open_hours(scope)
    bookable = bookable_hours([one.pk for one in found], scope, opens=opens, closes=closes)
    rows = []
    for one in found:
        count, hours = used.get(one.pk, (0, 0.0))
        could = bookable.get(one.pk, 0.0)
        rows.append(Use(one, count, planned.get(one.pk, (0, 0.0))[1], hours, could))
    return sorted(rows, key=lambda row: (row.share, row.device.name, row.device.pk))


def _sums(rows: Any) -> dict[int, tuple[int, float]]:
    """By device: how many lines, and their hours together."""
    grouped = (
        rows.order_by()
        .values("device")
        .annotate(number=Count("pk"), together=Sum(F("ended") - F("began")))
    )
    return {row["device"]: (row["number"], row["together"] / timedelta(hours=1)) for row in grouped}


def number_of_uses(scope: Scope) -> dict[int, int]:
    """By device: how often it was used in the period, shared or not."""
    rows = used_lines(scope).order_by().values("device").annotate(number=Count("pk"))
    return dict(rows.values_list("device", "number"))


def last_used(
    device_ids: list[int], *, before: datetime
) -> dict[int, tuple[datetime, datetime | None]]:
    """By device: when its last use before a moment began, and when it ended."""
    rows = (
        BookedDevice.objects.filter(
            device__in=device_ids,
            booking__status__in=(Status.IN_USE, Status.COMPLETED),
            booking__used_from__lt=before,
        )
        .order_by("device", "-booking__used_from")
        .distinct("device")
    )
    times = rows.values_list("device", "booking__used_from", "booking__used_until")
    return {device: (began, ended) for device, began, ended in times}
