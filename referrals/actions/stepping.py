"""One step of a leg: the state, its clock, its holder, one event, one ledger line, one signal."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from alliance.core import ledger
from alliance.core.calendar import WorkingCalendar
from alliance.core.policy import PolicySet, policies
from alliance.institutions.selectors import working_calendar

from .. import rules
from ..choices import Clock, Move, Side, Status, Urgency
from ..models import Referral, ReferralEvent
from ..signals import referral_moved
from ..workflow import FINAL, HOLDERS

# Working calendars are read this far ahead; a clock longer than a year has no exceptions.
_AHEAD = timedelta(days=366)


@dataclass
class Step:
    """What a move wants recorded besides the change of state."""

    move: Move
    target: Status
    by: Any
    institution_id: int | None
    data: dict[str, Any]
    reason_code: str = ""
    reason: str = ""


def take(referral: Referral, step: Step, *, now: datetime | None = None) -> ReferralEvent:
    """Write a step of a locked leg whose other columns the caller has already set."""
    at = now or timezone.now()
    source = referral.status
    _enter(referral, Status(step.target), at)
    referral.save()
    event = ReferralEvent.objects.create(
        referral=referral,
        version=referral.version,
        move=step.move,
        source=source,
        target=step.target,
        at=at,
        by=step.by,
        institution_id=step.institution_id,
        reason_code=step.reason_code,
        reason=step.reason,
        data=step.data,
        holder_id=referral.holder_id,
        clock=referral.clock,
        due_at=referral.due_at,
    )
    ledger.record(
        f"referral.{step.move}",
        by=step.by,
        subject=referral,
        institution_id=step.institution_id,
        number=referral.number,
        source=source,
        target=str(step.target),
    )
    referral_moved.send(sender=Referral, event_id=event.pk)
    return event


def _enter(referral: Referral, target: Status, at: datetime) -> None:
    """Set state, holder and clock; a step that keeps the state keeps a running clock too."""
    stays = referral.status == target and bool(referral.clock) and target != Status.RESERVED
    referral.status = target
    if target in FINAL:
        _stop(referral, at)
        return
    referral.closed_at = None
    if target != Status.BACK_REFERRED:
        side = HOLDERS[target]
        referral.holder_id = referral.sender_id if side == Side.SENDER else referral.receiver_id
    if stays and not referral.followed_up_at:
        return
    if not stays:
        referral.state_since = at
    start_clock(referral, at)


def _stop(referral: Referral, at: datetime) -> None:
    referral.holder = None
    referral.clock = ""
    referral.due_at = referral.next_alert_at = referral.decision_left = None
    referral.paperwork_due_at = None
    referral.state_since = referral.closed_at = at


def start_clock(referral: Referral, at: datetime) -> None:
    """Start the clock of the leg's state, from policy, urgency, the holder's calendar."""
    clock = rules.clock_of(
        referral.status,
        is_back_leg=referral.is_back_leg,
        followed_up=referral.followed_up_at is not None,
    )
    if clock is None:
        referral.clock, referral.due_at, referral.next_alert_at = "", None, None
        return
    values = policies(alliance_id=referral.alliance_id, on=timezone.localdate(at), prefix="")
    due = _due(referral, clock, at, values)
    referral.clock, referral.due_at = clock, due
    referral.next_alert_at = rules.warn_moment(at, due, values["alert.warn_percent"])


def _due(referral: Referral, clock: Clock, at: datetime, values: PolicySet) -> datetime:
    urgency = referral.urgency or Urgency.ROUTINE
    minutes = values[f"clock.{clock}.{urgency}"]
    start = {Clock.VALIDITY: referral.reserved_at, Clock.ARRIVAL: referral.expected_at}.get(clock)
    if start is not None:
        return rules.due_at(max(start, at), minutes, None)
    calendar = calendar_in_force(referral, at, values)
    if clock == Clock.DECISION and referral.decision_left is not None:
        minutes, referral.decision_left = referral.decision_left, None
    return rules.due_at(at, minutes, calendar)


def calendar_in_force(
    referral: Referral, at: datetime, values: PolicySet
) -> WorkingCalendar | None:
    """The holder's working calendar, or None where clocks of this urgency never rest."""
    urgency = referral.urgency or Urgency.ROUTINE
    if values[f"clock.hours.{urgency}"] == "always" or referral.holder_id is None:
        return None
    day = timezone.localdate(at)
    return working_calendar(referral.holder_id, day, day + _AHEAD)


def pause_decision(referral: Referral, at: datetime) -> None:
    """Remember what was left of the decision clock; it goes on when the answer comes."""
    values = policies(alliance_id=referral.alliance_id, on=timezone.localdate(at), prefix="clock.")
    calendar = calendar_in_force(referral, at, values)
    due = referral.due_at or at
    referral.decision_left = rules.minutes_left(at, due, calendar)
