"""What a privilege lets somebody do on a day, from facts: no database, no clock."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import MAXYEAR, MINYEAR, date, timedelta
from typing import Any

from .choices import Code, Level, Standing, Verdict


@dataclass(frozen=True, slots=True)
class Period:
    """One privilege as the question sees it. `is_suspended` is meant for the day of the question."""

    id: int
    level: str
    valid_from: date
    valid_until: date
    ends_on: date
    is_withdrawn: bool = False
    is_suspended: bool = False
    conditions: str = ""

    def holds(self, on: date) -> bool:
        """Whether its time has begun and not ended."""
        return self.valid_from <= on < self.ends_on


@dataclass(frozen=True, slots=True)
class Person:
    """What is known of the practitioner."""

    is_active: bool
    licence_valid_until: date | None
    practice_started_on: date
    is_here: bool


@dataclass(frozen=True, slots=True)
class Place:
    """What is known of technique and institution; `tier_allowed` None where it is not graded."""

    is_member: bool
    grade: str
    tier_allowed: bool | None
    needs_admission: bool = False
    is_admitted: bool = True
    admission_suspended: bool = False
    min_years: int = 0
    needs_mdt: bool = False


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason, as a code with the facts that make its sentence."""

    code: Code
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Judgement:
    """The answer: a verdict, what stands against it, what to mind, and the privilege it rests on."""

    verdict: Verdict
    reasons: tuple[Reason, ...]
    notes: tuple[Reason, ...]
    period: Period | None


def judge(
    person: Person,
    place: Place,
    periods: Iterable[Period],
    *,
    on: date,
    mdt_recorded: bool | None = None,
) -> Judgement:
    """Whether somebody may do it on a day: every reason against it, or yes, or under supervision.

    `mdt_recorded` None means that nobody asked about one operation: then it is only noted that a
    discussion is needed before each.
    """
    period, against = _privilege(list(periods), on)
    reasons = [*_person(person, on), *_place(place), *against]
    if period is not None and period.level == Level.INDEPENDENT:
        reasons += _years(person, place, on)
    mdt = place.needs_mdt and not mdt_recorded
    if mdt and mdt_recorded is False:
        reasons.append(Reason(Code.MDT_MISSING))
    notes = (Reason(Code.MDT_NEEDED),) if mdt and mdt_recorded is None else ()
    return Judgement(_verdict(period, reasons), tuple(reasons), notes, period)


def _verdict(period: Period | None, reasons: list[Reason]) -> Verdict:
    if reasons or period is None:
        return Verdict.NO
    return Verdict.YES if period.level == Level.INDEPENDENT else Verdict.SUPERVISED


def _person(person: Person, on: date) -> list[Reason]:
    found = []
    if not person.is_active:
        found.append(Reason(Code.NOT_ACTIVE))
    if not person.is_here:
        found.append(Reason(Code.NO_LICENCE_HERE))
    ends = person.licence_valid_until
    # The last day printed on a licence still counts.
    if ends is not None and ends < on:
        found.append(Reason(Code.LICENCE_EXPIRED, {"until": ends}))
    return found


def _place(place: Place) -> list[Reason]:
    if not place.is_member:
        return [Reason(Code.NOT_A_MEMBER)]
    if place.tier_allowed is None:
        return [Reason(Code.NOT_IN_CATALOGUE)]
    if not place.tier_allowed:
        return [Reason(Code.GRADE_ABOVE_TIER, {"grade": place.grade})]
    if place.needs_admission and not place.is_admitted:
        suspended = place.admission_suspended
        return [Reason(Code.ADMISSION_SUSPENDED if suspended else Code.INSTITUTION_NOT_ADMITTED)]
    return []


def _privilege(periods: list[Period], on: date) -> tuple[Period | None, list[Reason]]:
    """The privilege that counts on the day, or the one that says best why there is none."""
    for period in periods:
        if period.holds(on):
            return period, [Reason(Code.SUSPENDED)] if period.is_suspended else []
    past = [period for period in periods if period.ends_on <= on and period.valid_from <= on]
    if past:
        last = max(past, key=lambda period: (period.ends_on, period.valid_from, period.id))
        code = Code.WITHDRAWN if last.is_withdrawn else Code.EXPIRED
        return None, [Reason(code, {"until": last.ends_on})]
    coming = [period for period in periods if period.ends_on > period.valid_from]
    if coming:
        return None, [Reason(Code.NOT_YET, {"since": min(one.valid_from for one in coming)})]
    return None, [Reason(Code.NOT_PRIVILEGED)]


def _years(person: Person, place: Place, on: date) -> list[Reason]:
    """Those who operate by themselves need years of practice; a supervisor answers for others."""
    since = person.practice_started_on
    if months_later(since, 12 * place.min_years) <= on:
        return []
    return [Reason(Code.YEARS_SHORT, {"years": years_between(since, on), "min": place.min_years})]


def standing(
    *,
    valid_from: date,
    ends_on: date,
    withdrawn_on: date | None,
    replaced_on: date | None,
    is_suspended: bool,
    on: date,
) -> Standing:
    """How a privilege stands on a date."""
    if on < valid_from and ends_on > on:
        return Standing.NOT_YET
    if on < ends_on:
        return Standing.SUSPENDED if is_suspended else Standing.IN_FORCE
    if withdrawn_on is not None and withdrawn_on <= on:
        return Standing.WITHDRAWN
    if replaced_on is not None and replaced_on <= on:
        return Standing.REPLACED
    return Standing.EXPIRED


def months_later(day: date, months: int) -> date:
    """The same day of a later month, or its last day; the calendar's last day beyond its end."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not MINYEAR <= year <= MAXYEAR:
        return date.max if year > MAXYEAR else date.min
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def years_between(start: date, on: date) -> int:
    """Whole years that have passed."""
    years = on.year - start.year
    return max(0, years if months_later(start, 12 * years) <= on else years - 1)


def latest_start(*, on: date, years: int) -> date:
    """The last day on which somebody may have begun to have so many years of practice by then."""
    same_day = months_later(on, -12 * years)
    after = same_day + timedelta(days=1)
    return after if months_later(after, 12 * years) <= on else same_day


def is_highest_level(*, national_level: int | None, is_restricted: bool) -> bool:
    """Whether a technique is held to the rules of national level 4; restricted ones are."""
    return national_level == 4 or is_restricted


def clash(
    existing: Iterable[Period], *, level: str, valid_from: date, valid_until: date, renews: bool
) -> tuple[Period | None, str]:
    """The privilege that a new one replaces, and the code of what stands against it ("" if nothing).

    Operating independently replaces operating under supervision; a renewal replaces what it
    renews. Nothing else may overlap, and nobody gets round a suspension by a new privilege.
    """
    touching = [
        one for one in existing if one.ends_on > valid_from and one.valid_from < valid_until
    ]
    if not touching:
        return None, ""
    old = min(touching, key=lambda one: one.valid_from)
    rises = old.level == Level.SUPERVISED and level == Level.INDEPENDENT
    goes_on = renews and old.level == level
    if len(touching) > 1 or old.valid_from > valid_from or not (rises or goes_on):
        return None, "privilege_exists"
    return (None, "privilege_suspended") if old.is_suspended else (old, "")
