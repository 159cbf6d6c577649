"""When devices are down, as rows for statements about many of them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.db.models import DateTimeField, Exists, F, Max, OuterRef, Q, QuerySet, Value
from django.utils import timezone

from alliance.core.expressions import Midnight

from .models import MaintenancePlan, Outage, ServiceRecord

_MOMENT: Final = timedelta(microseconds=1)


def downs(device_ids: Collection[int], *, since: datetime, until: datetime) -> QuerySet[Any, Any]:
    """(device, since, until) of every time that takes some of [since, until) from one of these.

    Times may overlap, and reach beyond the period; an end of None is open. The same sources as
    `why_out`: outages, checks that are overdue, and checks that came late.
    """
    first, last = _days(since, until)
    own = Q(device__in=list(device_ids))
    outages = Outage.objects.touching(since, until).filter(own)
    overdue = MaintenancePlan.objects.stopping(last).filter(own)
    late = ServiceRecord.objects.late(first, last).filter(own)
    open_end = Value(None, DateTimeField())
    stopped = Midnight("due_on", days=1)
    return (
        outages.order_by()
        .values_list("device_id", "starts_at", "ends_at")
        .union(
            overdue.order_by().annotate(a=stopped, b=open_end).values_list("device_id", "a", "b"),
            late.order_by()
            .annotate(a=stopped, b=Midnight("done_on"))
            .values_list("device_id", "a", "b"),
            all=True,
        )
    )


def usable_on(devices: Any, day: OuterRef) -> Any:
    """Those of the devices that could be used at some time of a day of the query around them.

    Not those that one outage kept away from its first moment to its last, nor those that an
    overdue check had stopped before it.
    """
    day = OuterRef(day)
    own = {"device": OuterRef("pk")}
    whole = Outage.objects.filter(
        Q(ends_at=None) | Q(ends_at__gte=Midnight(day, days=1)), starts_at__lte=Midnight(day), **own
    )
    overdue = MaintenancePlan.objects.current().filter(stops_use=True, due_on__lt=day, **own)
    late = ServiceRecord.objects.standing().filter(
        plan__stops_use=True, due_on__lt=day, done_on__gt=day, **own
    )
    return devices.filter(~Exists(whole), ~Exists(overdue), ~Exists(late))


def came_back(since: datetime, until: datetime) -> Q:
    """Of devices: those that came back into service after a moment, until another.

    An outage ended, or a check that was overdue was done.
    """
    first, last = _days(since, until)
    own = {"device": OuterRef("pk")}
    ended = _ended(until).filter(ends_at__gt=since, **own)
    late = ServiceRecord.objects.late(first, last).filter(done_on__lte=last, **own)
    return Q(Exists(ended)) | Q(Exists(late))


def last_back(device_ids: Collection[int], *, until: datetime) -> dict[int, datetime]:
    """By device: when it last came back into service until a moment; two queries."""
    _first, last = _days(until, until)
    own = {"device__in": list(device_ids)}
    ended = _ended(until).filter(**own).order_by().values_list("device")
    found: dict[int, datetime] = dict(ended.annotate(at=Max("ends_at")))
    late = ServiceRecord.objects.late(date.min, last).filter(done_on__lte=last, **own)
    for device, at in late.order_by().values_list("device").annotate(at=Max(Midnight("done_on"))):
        found[device] = max(at, found.get(device, at))
    return found


def _ended(until: datetime) -> QuerySet[Any]:
    """Outages that took something away and were over by a moment."""
    return Outage.objects.filter(ends_at__lte=until, ends_at__gt=F("starts_at"))


def _days(since: datetime, until: datetime) -> tuple[date, date]:
    return timezone.localdate(since), timezone.localdate(until - _MOMENT)
