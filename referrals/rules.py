"""Pure rules of referrals: what a form needs, who may receive, clocks, whose minutes.

Facts in, codes and moments out; no database, request or clock.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.utils.translation import gettext as _

from alliance.core.calendar import WorkingCalendar
from alliance.institutions.choices import Direction

from .choices import AlertLevel, Clock, Status, Urgency
from .holding import CLOCKS

# --- What a form needs -------------------------------------------------------------------------

# 转出单: what the receiver must read before deciding.
_UP_FIELDS: Final = ("preliminary_impression", "present_illness", "indication")
# 回转单: what the grassroots need to go on.
_DOWN_FIELDS: Final = ("diagnosis_result", "stability", "rehabilitation_advice")
# 先救后补: an emergency leaves with an impression; the rest is owed.
_EMERGENCY_FIELDS: Final = ("preliminary_impression",)


def needed_texts(direction: str, urgency: str) -> tuple[str, ...]:
    """Text fields that must be filled before a referral of this kind may leave."""
    if direction == Direction.DOWN:
        return _DOWN_FIELDS
    return _EMERGENCY_FIELDS if urgency == Urgency.EMERGENCY else _UP_FIELDS


def submission_errors(values: Mapping[str, Any]) -> dict[str, str]:
    """What is missing before a referral may leave, as `{field: sentence}`.

    `values` maps field names to values; `diagnoses` is a list, `consent` a mapping or None.
    """
    errors = {
        field: _("This is needed.")
        for field in ("patient", "receiver", "direction", "urgency")
        if not values.get(field)
    }
    for field in needed_texts(values.get("direction") or "", values.get("urgency") or ""):
        if not str(values.get(field) or "").strip():
            errors[field] = _("This is needed.")
    emergency = values.get("urgency") == Urgency.EMERGENCY
    if not emergency and not values.get("diagnoses"):
        errors["diagnoses"] = _("Name at least one diagnosis.")
    if not emergency and not (values.get("consent") or {}).get("given"):
        errors["consent"] = _("The patient's consent to passing on the record is needed.")
    return errors


def owed_paperwork(values: Mapping[str, Any]) -> list[str]:
    """Fields an emergency may leave without but still owes."""
    if values.get("urgency") != Urgency.EMERGENCY or values.get("direction") == Direction.DOWN:
        return []
    owed = [field for field in _UP_FIELDS if not str(values.get(field) or "").strip()]
    if not values.get("diagnoses"):
        owed.append("diagnoses")
    if not (values.get("consent") or {}).get("given"):
        owed.append("consent")
    return owed


# --- Who may receive ---------------------------------------------------------------------------


@dataclass(frozen=True)
class Receiving:
    """What is true of a possible receiver for one referral.

    `tier_permits` is None when no technique is asked for. Later rooms add admission,
    privilege, device and capacity here.
    """

    active: bool
    related: bool
    direction_fits: bool
    has_department: bool
    tier_permits: bool | None = None


def reasons_not_to_receive(facts: Receiving) -> list[str]:
    """Codes of everything that speaks against this receiver, the most basic first."""
    checks = [
        (facts.active, "receiver_inactive"),
        (facts.related, "relation_missing"),
        (facts.direction_fits, "direction_mismatch"),
        (facts.has_department, "department_missing"),
        (facts.tier_permits is not False, "technique_above_tier"),
    ]
    return [code for passed, code in checks if not passed]


def reason_text(code: str) -> str:
    """The sentence of a refusal code."""
    return {
        "receiver_inactive": _("This institution does not take referrals on the platform."),
        "relation_missing": _("The alliance does not let you refer to this institution."),
        "direction_mismatch": _("The direction does not fit the tiers of the two institutions."),
        "department_missing": _("This institution has no department for that specialty."),
        "technique_above_tier": _("This technique is graded above the tier of this institution."),
    }[code]


# --- Clocks ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Running:
    """A clock as it runs: which, until when, and when somebody is told first."""

    clock: Clock
    due_at: datetime
    next_alert_at: datetime


# A patient who came home needs no appointment: what counts is the first follow-up.
_HOME_AGAIN: Final = frozenset({Status.ACCEPTED, Status.ARRIVED, Status.IN_CARE, Status.CARE_DONE})


def clock_of(status: str, *, is_back_leg: bool, followed_up: bool) -> Clock | None:
    """The clock that runs in a state.

    A taken-over way back runs one clock, until the first follow-up; other legs run none in care.
    """
    if is_back_leg and status in _HOME_AGAIN:
        return None if followed_up else Clock.FIRST_FOLLOW_UP
    return CLOCKS.get(Status(status))


def due_at(start: datetime, minutes: int, calendar: WorkingCalendar | None) -> datetime:
    """When `minutes` from `start` are over: on the calendar, or around the clock without one."""
    if calendar is None:
        return start + timedelta(minutes=minutes)
    return calendar.add_minutes(start, minutes)


def minutes_left(now: datetime, due: datetime, calendar: WorkingCalendar | None) -> int:
    """Whole minutes a stopped clock still had, never negative."""
    if due <= now:
        return 0
    if calendar is None:
        return int((due - now).total_seconds() // 60)
    return calendar.minutes_between(now, due)


def warn_moment(start: datetime, due: datetime, percent: int) -> datetime:
    """When `percent` of the time from `start` to `due` has passed."""
    return start + (due - start) * percent / 100


@dataclass(frozen=True)
class Escalation:
    """Minutes after the due time at which manager and office are told."""

    manager: int
    office: int


def alert_moments(due: datetime, warn: datetime, steps: Escalation) -> dict[AlertLevel, datetime]:
    """When each level is told, in order."""
    return {
        AlertLevel.WARNING: warn,
        AlertLevel.DUE: due,
        AlertLevel.MANAGER: due + timedelta(minutes=steps.manager),
        AlertLevel.OFFICE: due + timedelta(minutes=max(steps.manager, steps.office)),
    }


def alerts_owed(
    moments: Mapping[AlertLevel, datetime], sent: Iterable[str], now: datetime
) -> list[AlertLevel]:
    """Levels to tell now. A warning that comes after the due time would only confuse."""
    known = set(sent)
    owed = [level for level, at in moments.items() if at <= now and level not in known]
    if moments[AlertLevel.DUE] <= now:
        owed = [level for level in owed if level != AlertLevel.WARNING]
    return owed


def next_alert(moments: Mapping[AlertLevel, datetime], now: datetime) -> datetime | None:
    """The next moment somebody is told, None after the last."""
    return min((at for at in moments.values() if at > now), default=None)


# Nobody is booked further ahead; it also keeps moments within what calendars can reckon.
AHEAD: Final = timedelta(days=366)


def promise_errors(name: str, at: datetime, now: datetime) -> dict[str, str]:
    """What is wrong with a moment that is promised: an appointment, an arrival."""
    if at <= now:
        return {name: _("Choose a time in the future.")}
    if at > now + AHEAD:
        return {name: _("Choose a time within a year.")}
    return {}


def visit_errors(on: date | None, today: date) -> dict[str, str]:
    """What is wrong with the day of the next follow-up."""
    if on is None or today <= on <= today + AHEAD:
        return {}
    return {"next_on": _("Choose a day within a year, today or later.")}


# --- Whose minutes -----------------------------------------------------------------------------


@dataclass(frozen=True)
class Held:
    """From `at` on, `holder` has the leg (None once it is final)."""

    at: datetime
    holder: int | None


def seconds_by_holder(steps: Iterable[Held], until: datetime) -> dict[int, int]:
    """Seconds on each holder's clock up to `until`, recomputed from the events alone.

    The sums over all holders equal the time from the first step to the end (or `until`).
    """
    ordered = sorted(steps, key=lambda step: step.at)
    if not ordered:
        return {}
    spent: dict[int, int] = {}
    for step, following in zip(ordered, [*ordered[1:], Held(until, None)], strict=True):
        if step.holder is not None:
            seconds = _tick(ordered[0].at, min(following.at, until)) - _tick(ordered[0].at, step.at)
            spent[step.holder] = spent.get(step.holder, 0) + max(0, seconds)
    return spent


def _tick(first: datetime, at: datetime) -> int:
    """Whole seconds from the first step: differences of these add up, however short the steps."""
    return int((at - first).total_seconds() // 1)
