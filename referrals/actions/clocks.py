"""Who is told of a clock, once each: before, at, and after the due time."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from alliance.core import outbox
from alliance.core.policy import PolicySet, policies

from .. import rules
from ..choices import AlertLevel, Move, Status
from ..filed import filed
from ..models import ClockAlert, Referral
from ..querysets import ReferralQuerySet
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
        _tell(referral, referral.due_at, level, now)
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
    moments = rules.alert_moments(due, warn, steps)
    if referral.status == Status.DRAFT:  # nobody but its writer knows of it
        return {level: moments[level] for level in (AlertLevel.WARNING, AlertLevel.DUE)}
    return moments


def _tell(referral: Referral, due_at: datetime, level: AlertLevel, now: datetime) -> None:
    alert, is_new = ClockAlert.objects.get_or_create(
        referral=referral, due_at=due_at, level=level, defaults={"at": now}
    )
    if is_new:
        outbox.put("referral.clock", alert_id=alert.pk)


def _paperwork(now: datetime, limit: int) -> int:
    """The clock of what an emergency owes, beside that of its state: told like any other."""
    owing = Referral.objects.filter(paperwork_due_at__isnull=False)
    alliances = sorted(set(owing.values_list("alliance_id", flat=True)))
    return sum(_owed_in(owing.filter(alliance_id=pk), pk, now, limit) for pk in alliances)


def _owed_in(owing: ReferralQuerySet, alliance_id: int, now: datetime, limit: int) -> int:
    values = policies(alliance_id=alliance_id, on=timezone.localdate(now))
    share = (100 - values["alert.warn_percent"]) / 100
    delays = {
        AlertLevel.WARNING: timedelta(minutes=-share * values["clock.paperwork"]),
        AlertLevel.DUE: timedelta(0),
        AlertLevel.MANAGER: timedelta(minutes=values["alert.manager_minutes"]),
        AlertLevel.OFFICE: timedelta(
            minutes=max(values["alert.manager_minutes"], values["alert.office_minutes"])
        ),
    }
    told = 0
    for level, delay in delays.items():
        late = owing.filter(~Exists(_told("paperwork_due_at", level)))
        late = late.filter(paperwork_due_at__lte=now - delay).order_by("paperwork_due_at")
        if level == AlertLevel.WARNING:
            late = late.filter(paperwork_due_at__gt=now)
        for referral in late[:limit]:
            with transaction.atomic():
                _tell(referral, filed(referral.paperwork_due_at), level, now)
            told += 1
    return told


def _told(clock: str, level: AlertLevel) -> QuerySet[ClockAlert]:
    return ClockAlert.objects.filter(referral=OuterRef("pk"), due_at=OuterRef(clock), level=level)


def lapse_due(*, now: datetime, limit: int = BATCH) -> int:
    """Let legs lapse that stayed overdue for longer than their alliance allows; return how many.

    Both sides are warned first, and nothing lapses until that warning is old enough, however late
    this runs. Legs in states that never lapse stay overdue for ever, so they are not looked at.
    """
    lapsing = frozenset().union(*(row.sources for row in rows_for(Move.LAPSE, system=True)))
    overdue = Referral.objects.filter(status__in=lapsing, due_at__lte=now, next_alert_at=None)
    lapsed = 0
    for alliance_id in sorted(set(overdue.values_list("alliance_id", flat=True))):
        mine = overdue.filter(alliance_id=alliance_id).order_by("due_at")
        values = policies(alliance_id=alliance_id, on=timezone.localdate(now), prefix="lapse.")
        allowed = timedelta(hours=values["lapse.hours"])
        notice = timedelta(hours=values["lapse.warn_hours"])
        warned = _told("due_at", AlertLevel.LAPSE)
        for referral in mine.filter(~Exists(warned), due_at__lte=now - allowed + notice)[:limit]:
            with transaction.atomic():
                _tell(referral, filed(referral.due_at), AlertLevel.LAPSE, now)
        for referral in mine.filter(
            Exists(warned.filter(at__lte=now - notice)), due_at__lte=now - allowed
        )[:limit]:
            lapsed += lapse_overdue(referral=referral) is not None
    return lapsed
