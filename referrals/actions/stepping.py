"""One step of a leg: the state, its clock, its holder, one event, one ledger line, one signal."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from alliance.core import ledger
from alliance.core.calendar import WorkingCalendar
from alliance.core.policy import PolicySet, policies
from alliance.institutions.selectors import working_calendar

from .. import rules
from ..choices import Clock, Move, Side, Status, Urgency
from ..holding import HOLDERS, OFFICE_CLOCKS
from ..models import Referral, ReferralEvent
from ..signals import referral_moved
from ..workflow import FINAL

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


class Book:
    """Policy and calendars as clocks ask for them, each read once. One book a step, or a simulation."""

    def __init__(self) -> None:
        self._values: dict[tuple[int, date], PolicySet] = {}
        self._calendars: dict[tuple[int, date], WorkingCalendar] = {}

    def values(self, alliance_id: int, at: datetime) -> PolicySet:
        """The policy values in force for an alliance at a moment."""
        key = (alliance_id, timezone.localdate(at))
        if key not in self._values:
            self._values[key] = policies(alliance_id=alliance_id, on=key[1])
        return self._values[key]

    def calendar(self, institution_id: int, at: datetime) -> WorkingCalendar:
        """The working calendar of an institution from a moment on."""
        key = (institution_id, timezone.localdate(at))
        if key not in self._calendars:
            self._calendars[key] = working_calendar(institution_id, key[1], key[1] + _AHEAD)
        return self._calendars[key]


def take(referral: Referral, step: Step, *, now: datetime | None = None) -> ReferralEvent:
    """Write a step of a locked leg whose other columns the caller has already set."""
    at = now or timezone.now()
    source = referral.status
    enter(referral, Status(step.target), at, Book(), anew=step.move == Move.RESERVE)
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


def enter(
    referral: Referral, target: Status, at: datetime, book: Book, *, anew: bool = False
) -> None:
    """Set state, holder and clock; a step that keeps the state keeps its clock too, unless `anew`."""
    stays = referral.status == target and not anew
    referral.status = target
    if target in FINAL:
        _stop(referral, at)
        return
    referral.closed_at = None
    if target != Status.BACK_REFERRED:
        side = HOLDERS[target]
        referral.holder = referral.sender if side == Side.SENDER else referral.receiver
    if stays and not referral.followed_up_at:
        return
    if not stays:
        referral.state_since = at
    start_clock(referral, at, book)


def _stop(referral: Referral, at: datetime) -> None:
    referral.holder = None
    referral.clock = ""
    referral.due_at = referral.next_alert_at = referral.decision_left = None
    referral.paperwork_due_at = None
    referral.state_since = referral.closed_at = at


def start_clock(referral: Referral, at: datetime, book: Book) -> None:
    """Start the clock of the leg's state, from policy, urgency, the holder's calendar."""
    clock = rules.clock_of(
        referral.status,
        is_back_leg=referral.is_back_leg,
        followed_up=referral.followed_up_at is not None,
    )
    if clock is None:
        referral.clock, referral.due_at, referral.next_alert_at = "", None, None
        return
    values = book.values(referral.alliance_id, at)
    if clock == referral.clock == Clock.FIRST_FOLLOW_UP and referral.due_at is not None:
        return  # one clock over several states
    due = _due(referral, clock, at, book)
    referral.clock, referral.due_at = clock, due
    referral.next_alert_at = rules.warn_moment(at, due, values["alert.warn_percent"])


def _due(referral: Referral, clock: Clock, at: datetime, book: Book) -> datetime:
    values = book.values(referral.alliance_id, at)
    urgency = referral.urgency or Urgency.ROUTINE
    minutes = values[f"clock.{clock}.{urgency}"]
    start = {Clock.VALIDITY: referral.reserved_at, Clock.ARRIVAL: referral.expected_at}.get(clock)
    if start is not None:
        return rules.due_at(max(start, at), minutes, None)
    calendar = calendar_in_force(referral, clock, at, book)
    if clock == Clock.DECISION and referral.decision_left is not None:
        minutes, referral.decision_left = referral.decision_left, None
    return rules.due_at(at, minutes, calendar)


def calendar_in_force(
    referral: Referral, clock: Clock, at: datetime, book: Book
) -> WorkingCalendar | None:
    """The holder's working calendar, or None where this clock never rests."""
    urgency = referral.urgency or Urgency.ROUTINE
    hours = book.values(referral.alliance_id, at)[f"clock.hours.{urgency}"]
    if clock not in OFFICE_CLOCKS or hours == "always" or referral.holder_id is None:
        return None
    return book.calendar(referral.holder_id, at)


def pause_decision(referral: Referral, at: datetime, book: Book) -> None:
    """Remember what was left of the decision clock; it goes on when the answer comes."""
    calendar = calendar_in_force(referral, Clock.DECISION, at, book)
    referral.decision_left = rules.minutes_left(at, referral.due_at or at, calendar)
