"""Who is told of a clock, once each: before, at, and after the due time."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from alliance.core import outbox
from alliance.core.policy import PolicySet, policies, policy

from .. import rules
from ..choices import AlertLevel, Move
from ..models import ClockAlert, Referral
from ..workflow import rows_for
from .moving import lapse_overdue

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
    told = ClockAlert.objects.filter(
        referral=OuterRef("pk"), due_at=OuterRef("paperwork_due_at"), level=AlertLevel.DUE
    )
    late = Referral.objects.filter(~Exists(told), paperwork_due_at__lte=now)
    legs = list(late.order_by("paperwork_due_at")[:limit])
    for referral in legs:
        if referral.paperwork_due_at is not None:
            with transaction.atomic():
                _tell(referral, referral.paperwork_due_at, AlertLevel.DUE)
    return len(legs)


def lapse_due(*, now: datetime, limit: int = BATCH) -> int:
    """Let legs lapse that stayed overdue for longer than their alliance allows; return how many.

    Legs in states that never lapse stay overdue for ever, so they are not looked at.
    """
    lapsing = frozenset().union(*(row.sources for row in rows_for(Move.LAPSE, system=True)))
    overdue = Referral.objects.filter(status__in=lapsing, due_at__lte=now, next_alert_at=None)
    lapsed = 0
    for alliance_id in set(overdue.values_list("alliance_id", flat=True)):
        hours = policy("lapse.hours", on=timezone.localdate(now), alliance_id=alliance_id)
        late = overdue.filter(alliance_id=alliance_id, due_at__lte=now - timedelta(hours=hours))
        for referral in late.order_by("due_at")[:limit]:
            lapsed += lapse_overdue(referral=referral) is not None
    return lapsed
