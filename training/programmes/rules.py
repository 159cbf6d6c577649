"""How far somebody is: requirements and dated facts in, stages met or missing out.

Stages follow each other. A case, and the rating it got, counts only from the day on which
everything before its stage was met: who assists before having passed the simulation has seen
something, and has to see it again. What was learnt in another order otherwise counts whenever it
happened. A record of the past that somebody confirmed counts as it stands.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from .choices import CourseVariety, ExamVariety, Need, Part

# Needs that wait for the stages before them.
GATED = frozenset({Need.CASES, Need.RATING})
# Sums of hours and means of ratings that should be equal differ by less.
_TOLERANCE = 1e-6
_PARTS = (Part.ASSISTANT, Part.SUPERVISED, Part.INDEPENDENT)


@dataclass(frozen=True, slots=True)
class Requirement:
    """What a stage asks for: so much of something, told apart by its key."""

    key: int
    need: str
    minimum: float


@dataclass(frozen=True, slots=True)
class StageNeeds:
    """A stage and all it asks for."""

    order: int
    kind: str
    requirements: tuple[Requirement, ...]


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that happened and counts `amount`; for a rating the amount is the rating."""

    on: date
    amount: float = 1.0
    is_prior: bool = False


@dataclass(frozen=True, slots=True)
class Measured:
    """A requirement against the facts: how much is there, since when it is met, what came early."""

    requirement: Requirement
    have: float
    met_on: date | None
    too_early: int = 0

    @property
    def is_met(self) -> bool:
        """Whether there is enough."""
        return self.met_on is not None

    @property
    def share(self) -> float:
        """How much of it is there, from 0 to 1; 1 only where it is met."""
        if self.is_met:
            return 1.0
        return min(self.have / self.requirement.minimum, 0.99)

    @property
    def lacking(self) -> float:
        """How much is missing."""
        return 0.0 if self.is_met else max(self.requirement.minimum - self.have, 0.0)


@dataclass(frozen=True, slots=True)
class StageState:
    """A stage against the facts; `opened_on` is None while a stage before it is not met."""

    stage: StageNeeds
    measured: tuple[Measured, ...]
    opened_on: date | None
    passed_on: date | None

    @property
    def is_passed(self) -> bool:
        """Whether this stage, and every one before it, is met."""
        return self.passed_on is not None

    @property
    def is_open(self) -> bool:
        """Whether this is where one is now."""
        return self.opened_on is not None and self.passed_on is None


@dataclass(frozen=True, slots=True)
class Path:
    """All stages of one person in one programme."""

    stages: tuple[StageState, ...]

    @property
    def measured(self) -> list[Measured]:
        """Every requirement, in order."""
        return [one for stage in self.stages for one in stage.measured]

    @property
    def missing(self) -> list[Measured]:
        """Every requirement that is not met, in order."""
        return [one for one in self.measured if not one.is_met]

    @property
    def is_complete(self) -> bool:
        """Whether nothing is missing."""
        return not self.missing

    @property
    def current(self) -> StageState | None:
        """The stage one is in; None when all is done."""
        return next((stage for stage in self.stages if stage.is_open), None)

    @property
    def percent(self) -> int:
        """The mean share of all requirements, each weighing the same; 100 only when all are met."""
        measured = self.measured
        if not measured:
            return 100
        if self.is_complete:
            return 100
        return min(int(100 * sum(one.share for one in measured) / len(measured)), 99)

    @property
    def next_need(self) -> Measured | None:
        """What to do next: the first thing missing where one is."""
        here = self.current
        return next((one for one in here.measured if not one.is_met), None) if here else None

    def reached(self, kind: str) -> bool:
        """Whether a stage of this kind is open or passed."""
        return any(
            stage.stage.kind == kind and stage.opened_on is not None for stage in self.stages
        )


def stage_states(stages: Sequence[StageNeeds], facts: Mapping[int, Iterable[Fact]]) -> Path:
    """Follow the stages in order; `facts` are by the key of the requirement they count for."""
    opened: date | None = date.min
    states = []
    for stage in sorted(stages, key=lambda one: one.order):
        measured = tuple(
            measure(one, facts.get(one.key, ()), opened_on=opened) for one in stage.requirements
        )
        dates = [one.met_on for one in measured if one.met_on is not None]
        passed = None
        if opened is not None and len(dates) == len(measured):
            passed = max([opened, *dates])
        states.append(StageState(stage, measured, opened, passed))
        opened = passed
    return Path(tuple(states))


def measure(requirement: Requirement, facts: Iterable[Fact], *, opened_on: date | None) -> Measured:
    """One requirement against the facts, in a stage that is open since `opened_on`, or not yet."""
    ordered = sorted(facts, key=lambda fact: fact.on)
    counted = [fact for fact in ordered if counts(requirement, fact, opened_on=opened_on)]
    early = len(ordered) - len(counted)
    if requirement.need == Need.RATING:
        return _mean(requirement, counted, early)
    have, met_on = 0.0, None
    for fact in counted:
        have += fact.amount
        if met_on is None and have >= requirement.minimum - _TOLERANCE:
            met_on = fact.on
    return Measured(requirement, have, met_on, early)


def counts(requirement: Requirement, fact: Fact, *, opened_on: date | None) -> bool:
    """Whether a fact counts, or came before its stage was open."""
    if fact.is_prior or requirement.need not in GATED:
        return True
    return opened_on is not None and fact.on >= opened_on


def _mean(requirement: Requirement, counted: Sequence[Fact], early: int) -> Measured:
    if not counted:
        return Measured(requirement, 0.0, None, early)
    mean = sum(fact.amount for fact in counted) / len(counted)
    is_met = mean >= requirement.minimum - _TOLERANCE
    return Measured(requirement, mean, counted[-1].on if is_met else None, early)


def parts_from(part: str) -> tuple[str, ...]:
    """The roles in which a case counts where `part` is asked for: that one and those above it."""
    return tuple(one.value for one in _PARTS[_PARTS.index(Part(part)) :])


# What each need must name, by field; a course or an exam may be any one of a variety instead.
_NAMES: Mapping[str, tuple[str, ...]] = {
    Need.COURSE: ("course", "variety"),
    Need.EXAM: ("exam", "variety"),
    Need.STATION: ("station_code",),
    Need.ANIMAL_CASES: ("station_code",),
    Need.CASES: ("part",),
    Need.RATING: ("part",),
}
_FIELDS = ("course", "exam", "variety", "station_code", "part")


def requirement_faults(need: str, given: Mapping[str, Any]) -> dict[str, str]:
    """Codes of what is wrong with a requirement, by field: `missing`, `both` or `not_here`."""
    wanted = _NAMES.get(need, ())
    there = {name for name in _FIELDS if given.get(name)}
    faults = dict.fromkeys(sorted(there - set(wanted)), "not_here")
    named = [name for name in wanted if name in there]
    if wanted and not named:
        faults[wanted[0]] = "missing"
    elif len(named) > 1:
        faults[wanted[1]] = "both"
    return faults


# What a record of the past must name so that it can be held against requirements.
_PRIOR: Mapping[str, tuple[str, ...]] = {
    Need.COURSE: ("variety",),
    Need.EXAM: ("variety",),
    Need.STATION: ("station_code",),
    Need.ANIMAL_CASES: ("station_code",),
    Need.CASES: ("technique", "part"),
    Need.RATING: ("technique", "part"),
    Need.MONTHS: (),
    Need.HOURS: (),
}
_VARIETIES: Mapping[str, type[CourseVariety | ExamVariety]] = {
    Need.COURSE: CourseVariety,
    Need.EXAM: ExamVariety,
}


def prior_errors(values: Mapping[str, Any], *, on: date) -> dict[str, str]:
    """What is wrong with a record of the past entered on a date, by field."""
    kind = values.get("kind", "")
    if kind not in _PRIOR:
        return {"kind": _("A signature is given here, never brought along. Choose another kind.")}
    errors = {}
    for name in _PRIOR[kind]:
        if not (values.get(name) or values.get(f"{name}_id")):
            errors[name] = _("This kind of record needs it.")
    allowed = _VARIETIES.get(kind)
    if values.get("variety") and (allowed is None or values["variety"] not in allowed.values):
        errors["variety"] = _("This does not belong to a record of this kind.")
    day = values.get("on")
    if day is not None and day > on:
        errors["on"] = _("A record of the past cannot be of a day to come.")
    return errors
