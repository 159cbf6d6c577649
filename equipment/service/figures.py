"""Availability, downtime, faults and cost of devices over a period, by device and by institution."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, QuerySet, Sum
from django.utils import timezone

from alliance.core.filters import day_begins
from alliance.institutions.models import Institution
from equipment.devices.models import Device

from . import selectors
from .models import ServiceRecord, WorkOrder

_NOTHING = Decimal(0)


@dataclass
class Figures:
    """What a period says of one device, or of all devices of an institution."""

    institution: Institution
    device: Device | None = None
    devices: int = 0
    faults: int = 0
    cost: Decimal = _NOTHING
    down: timedelta = field(default_factory=timedelta)
    time: timedelta = field(default_factory=timedelta)

    @property
    def availability(self) -> float | None:
        """The share of its time on the register in which it was in service."""
        return 1 - self.down / self.time if self.time else None

    @property
    def hours_down(self) -> int:
        """For how many whole hours it was down."""
        return int(self.down.total_seconds() // 3600)


def of_devices(devices: QuerySet[Device], *, since: datetime, until: datetime) -> list[Figures]:
    """Each device that stood on the register in a period; six queries for any number of them."""
    first, last = timezone.localdate(since), timezone.localdate(until)
    standing = devices.filter(in_use_from__lte=last).exclude(retired_on__lte=first)
    rows = list(standing.select_related("type", "owner").order_by("owner", "name", "pk"))
    ids = [row.pk for row in rows]
    down = selectors.downtime(ids, since=since, until=until)
    repairs = _summed(
        WorkOrder.objects.filter(device__in=ids, created_at__gte=since, created_at__lt=until)
    )
    upkeep = _summed(
        ServiceRecord.objects.standing().filter(
            device__in=ids, done_on__gte=first, done_on__lte=last
        )
    )
    found = []
    for row in rows:
        begin = max(since, day_begins(row.in_use_from))
        end = until if row.retired_on is None else min(until, day_begins(row.retired_on))
        faults, repaired = repairs.get(row.pk, (0, _NOTHING))
        _checks, kept = upkeep.get(row.pk, (0, _NOTHING))
        time = max(end - begin, timedelta(0))
        found.append(
            Figures(row.owner, row, 1, faults, repaired + kept, min(down[row.pk], time), time)
        )
    return found


def of_houses(found: Iterable[Figures]) -> list[Figures]:
    """The same added up by institution, the least available first."""
    houses: dict[int, Figures] = {}
    for one in found:
        total = houses.setdefault(one.institution.pk, Figures(one.institution))
        total.devices += 1
        total.faults += one.faults
        total.cost += one.cost
        total.down += one.down
        total.time += one.time
    return sorted(houses.values(), key=lambda total: total.availability or 0)


def _summed(rows: QuerySet[Any]) -> dict[int, tuple[int, Decimal]]:
    grouped = rows.order_by().values("device").annotate(number=Count("pk"), total=Sum("cost"))
    found = grouped.values_list("device", "number", "total")
    return {device: (number, total or _NOTHING) for device, number, total in found}
