"""Who is told of a clock, once each: before, at, and after the due time."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from alliance.core import outbox
from alliance.core.policy import PolicySet, policies

from .. import rules
from ..choices import AlertLevel
from ..models import ClockAlert, Referral

BATCH = 500


def due_alerts(*, now: datetime, limit: int = BATCH) -> int:
    """Send what is owed by `now` for up to `limit` legs; return how many legs were looked at.

    Legs are claimed with SKIP LOCKED and leave the range by getting their next moment, so any
    number of runs, however late, tell each level once.
    """
    seen = 0
    while seen < limit:
        with transaction.atomic():
            claimed = (
                Referral.objects.select_for_update(skip_locked=True)
                .filter(next_alert_at__lte=now)
                .order_by("next_alert_at")
                .first()
            )
            if claimed is None:
                break
            send_alert(referral=claimed, now=now)
        seen += 1
    return seen + _paperwork(now, limit)


def send_alert(*, referral: Referral, now: datetime) -> list[AlertLevel]:
    """Tell every level that is owed for the running clock of a locked leg."""
    if referral.due_at is None:
        Referral.objects.filter(pk=referral.pk).update(next_alert_at=None)
        return []
    moments = _moments(referral)
    sent = ClockAlert.objects.filter(referral=referral, due_at=referral.due_at)
    owed = rules.alerts_owed(moments, sent.values_list("level", flat=True), now)
    for level in owed:
        _tell(referral, referral.due_at, level)
    Referral.objects.filter(pk=referral.pk).update(next_alert_at=rules.next_alert(moments, now))
    return owed


def _moments(referral: Referral) -> dict[AlertLevel, datetime]:
    values: PolicySet = policies(
        alliance_id=referral.alliance_id, on=timezone.localdate(), prefix="alert."
    )
    due = referral.due_at
    assert due is not None  # noqa: S101 - callers ask only for running clocks
    warn = rules.warn_moment(referral.state_since, due, values["alert.warn_percent"])
    steps = rules.Escalation(values["alert.manager_minutes"], values["alert.office_minutes"])
    return rules.alert_moments(due, warn, steps)


def _tell(referral: Referral, due_at: datetime, level: AlertLevel) -> None:
    alert, is_new = ClockAlert.objects.get_or_create(referral=referral, due_at=due_at, level=level)
    if is_new:
        outbox.put("referral.clock", alert_id=alert.pk)


def _paperwork(now: datetime, limit: int) -> int:
    """Tell once that the paperwork of an emergency has not come in time."""
    told: Any = ClockAlert.objects.filter(level=AlertLevel.DUE).values("referral_id", "due_at")
    late = Referral.objects.filter(paperwork_due_at__lte=now).order_by("paperwork_due_at")
    count = 0
    for referral in late[:limit]:
        if not told.filter(referral=referral, due_at=referral.paperwork_due_at).exists():
            with transaction.atomic():
                _tell(referral, referral.paperwork_due_at, AlertLevel.DUE)
            count += 1
    return count
