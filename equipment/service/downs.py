"""When devices are down, as rows for statements about many of them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.db.models import DateTimeField, F, Func, Q, QuerySet, Value
from django.utils import timezone

from .models import MaintenancePlan, Outage, ServiceRecord

_MOMENT: Final = timedelta(microseconds=1)


class _Midnight(Func):
    """The moment at which a day, and so many more, begins here."""

    template = "((%(expressions)s + %(days)s)::timestamp AT TIME ZONE '%(zone)s')"
    output_field = DateTimeField()

    def __init__(self, day: str, *, days: int = 0) -> None:
        super().__init__(F(day), days=days, zone=timezone.get_default_timezone_name())


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
    stopped = _Midnight("due_on", days=1)
    return (
        outages.order_by()
        .values_list("device_id", "starts_at", "ends_at")
        .union(
            overdue.order_by().annotate(a=stopped, b=open_end).values_list("device_id", "a", "b"),
            late.order_by()
            .annotate(a=stopped, b=_Midnight("done_on"))
            .values_list("device_id", "a", "b"),
            all=True,
        )
    )


def _days(since: datetime, until: datetime) -> tuple[date, date]:
    return timezone.localdate(since), timezone.localdate(until - _MOMENT)
