"""Keepers are reminded of what falls due, and told what has passed; each thing once."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import F
from django.utils import timezone

from alliance.core import outbox
from alliance.core.policy import policies_of
from alliance.core.transactions import one_transaction
from alliance.institutions.models import Alliance, Membership

from ..models import AdverseEvent, MaintenancePlan

_DAYS = "service.remind_days"
_HOURS = "service.event.warn_hours"


@one_transaction
def remind_of_checks(*, today: date) -> int:
    """Promise each house one word about checks that fall due soon and one about those overdue.

    A plan is claimed by the due day it was told for, so a second run finds nothing left to do.
    """
    return _remind(today) + _tell_overdue(today)


def _remind(today: date) -> int:
    """Alliances that set the same number of days are asked about together."""
    values = policies_of(
        alliance_ids=list(Alliance.objects.filter(is_active=True).values_list("pk", flat=True)),
        on=today,
        keys=[_DAYS],
    )
    groups: dict[int, list[int]] = {}
    for alliance_id, found in values.items():
        groups.setdefault(found[_DAYS], []).append(alliance_id)
    told = 0
    for days, alliances in groups.items():
        members = Membership.objects.in_force(today).filter(alliance__in=alliances)
        soon = MaintenancePlan.objects.current().due(today, today + timedelta(days=days))
        rows = _claimed(
            soon.filter(device__owner__in=members.values("institution")).exclude(
                reminded_for=F("due_on")
            )
        )
        MaintenancePlan.objects.filter(pk__in=[row.pk for row in rows]).update(
            reminded_for=F("due_on")
        )
        told += _promise(rows, "due", today)
    return told


def _tell_overdue(today: date) -> int:
    late = _claimed(
        MaintenancePlan.objects.current().overdue(today).exclude(overdue_told_for=F("due_on"))
    )
    MaintenancePlan.objects.filter(pk__in=[row.pk for row in late]).update(
        overdue_told_for=F("due_on")
    )
    return _promise(late, "overdue", today)


def _claimed(rows: Any) -> list[MaintenancePlan]:
    locked = rows.select_for_update(skip_locked=True, of=("self",)).select_related("device")
    return list(locked.order_by("due_on", "pk"))


def _promise(rows: Iterable[MaintenancePlan], news: str, today: date) -> int:
    houses: dict[int, list[int]] = {}
    for row in rows:
        houses.setdefault(row.device.owner_id, []).append(row.pk)
    outbox.put_all(
        "service.checks",
        [
            {"institution_id": pk, "plan_ids": plans, "news": news, "on": today.isoformat()}
            for pk, plans in houses.items()
        ],
    )
    return sum(map(len, houses.values()))


@one_transaction
def watch_events(*, now: datetime) -> int:
    """Warn before the report of an adverse event is due, and tell when it is overdue; once each."""
    waiting = AdverseEvent.objects.unreported().filter(overdue_told_at=None)
    rows = list(waiting.select_for_update(skip_locked=True, of=("self",)))
    hours = policies_of(
        alliance_ids={row.alliance_id for row in rows},
        on=timezone.localdate(now),
        keys=[_HOURS],
    )
    told = 0
    for row in rows:
        notice = timedelta(hours=hours[row.alliance_id][_HOURS])
        if row.report_due_at <= now:
            row.overdue_told_at, row.warned_at, news = now, row.warned_at or now, "overdue"
        elif row.warned_at is None and row.report_due_at <= now + notice:
            row.warned_at, news = now, "due"
        else:
            continue
        row.save(update_fields=["overdue_told_at", "warned_at"])
        outbox.put("service.event", event_id=row.pk, news=news)
        told += 1
    return told
