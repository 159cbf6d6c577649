"""What pages and the API say about paths."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from alliance.people.models import Practitioner
from training.mentoring import selectors as mentoring

from . import selectors
from .choices import EnrolmentStatus, Need, Part, PriorState
from .models import Enrolment, StageRequirement
from .selectors import Progress, RequirementState, StageProgress

STATUS_TONES: Mapping[str, str] = {
    EnrolmentStatus.ACTIVE: "active",
    EnrolmentStatus.DONE: "good",
    EnrolmentStatus.LEFT: "neutral",
}
PRIOR_TONES: Mapping[str, str] = {
    PriorState.WAITING: "warn",
    PriorState.CONFIRMED: "good",
    PriorState.REFUSED: "bad",
}
# Where one goes to do what is asked: the list where nothing is named.
_PLACES: Mapping[str, str] = {
    Need.COURSE: "courses:index",
    Need.EXAM: "exams:list",
    Need.STATION: "exams:stations",
    Need.ANIMAL_CASES: "exams:stations",
    Need.CASES: "logbook:new",
    Need.RATING: "logbook:mine",
    Need.MONTHS: "mentoring:postings",
    Need.HOURS: "courses:hours",
}
_ACTS: Mapping[str, Any] = {
    Need.COURSE: lambda: _("Take the course"),
    Need.EXAM: lambda: _("Go to the exam"),
    Need.STATION: lambda: _("See the stations"),
    Need.ANIMAL_CASES: lambda: _("See the stations"),
    Need.CASES: lambda: _("Record a case"),
    Need.RATING: lambda: _("See my logbook"),
    Need.MONTHS: lambda: _("See postings"),
    Need.HOURS: lambda: _("See my hours"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """A requirement as a page shows it."""

    state: RequirementState
    url: str
    act: str

    @property
    def numbers(self) -> str:
        """How much of how much."""
        return f"{number(self.state.have)} / {number(self.state.minimum)}"

    @property
    def note(self) -> str:
        """What does not count, and why."""
        if not self.state.too_early:
            return ""
        words = _("%(count)s before the stages before it were passed: they do not count.")
        return words % {"count": self.state.too_early}

    @property
    def is_signature(self) -> bool:
        """Whether somebody has to sign."""
        return self.state.requirement.kind == Need.SIGN_OFF


@dataclass(frozen=True, slots=True)
class StageBox:
    """A stage with its lines, and in a word how it stands."""

    stage: StageProgress
    lines: list[Line]

    @property
    def met(self) -> int:
        """How many of its requirements are met."""
        return sum(line.state.is_met for line in self.lines)

    @property
    def state(self) -> str:
        """`done`, `now` or `later`, as the steps of a page take it."""
        if self.stage.is_passed:
            return "done"
        return "now" if self.stage.is_open else "later"


@dataclass(frozen=True, slots=True)
class PathBox:
    """An enrolment as its page shows it."""

    enrolment: Enrolment
    progress: Progress | None
    stages: list[StageBox]
    helpers: list[Practitioner]

    @property
    def tone(self) -> str:
        """How the status looks."""
        return STATUS_TONES[self.enrolment.status]

    @property
    def percent(self) -> int:
        """How far."""
        return self.progress.percent if self.progress else 0

    @property
    def steps(self) -> list[dict[str, str]]:
        """The stages as steps."""
        return [{"label": box.stage.stage.name, "state": box.state} for box in self.stages]

    @property
    def next_line(self) -> Line | None:
        """What to do next."""
        act = self.progress.next_act if self.progress else None
        lines = (line for box in self.stages for line in box.lines)
        return next((line for line in lines if line.state == act), None) if act else None


def number(value: float) -> str:
    """A count without decimals, a mean with one."""
    return f"{round(value, 1):g}"


def address(route: str, *args: Any) -> str:
    """The address of a page; empty where there is none."""
    try:
        return reverse(route, args=args)
    except NoReverseMatch:
        return ""


def line(state: RequirementState, enrolment: Enrolment) -> Line:
    """One requirement, with where to do it."""
    need = state.requirement
    if need.course is not None:
        url = address("courses:course", need.course.public_id)
    elif need.exam is not None:
        url = address("exams:exam", need.exam.public_id)
    else:
        url = address(_PLACES.get(need.kind, ""))
    if url and need.kind == Need.CASES:
        url = f"{url}?{urlencode(_case(need, enrolment))}"
    act = _ACTS[need.kind]() if url and need.kind in _ACTS else ""
    return Line(state, url, act)


def _case(need: StageRequirement, enrolment: Enrolment) -> dict[str, str]:
    """What the form of a case begins with, where this is what is asked for."""
    technique, mentor = need.technique or enrolment.technique, enrolment.mentor
    asked = {
        "technique": technique.code if technique else "",
        "role": need.part,
        "supervisor": str(mentor.public_id) if mentor and need.part != Part.INDEPENDENT else "",
    }
    return {name: value for name, value in asked.items() if value}


def path(
    enrolment: Enrolment, progress: Progress | None, helpers: Sequence[Practitioner] = ()
) -> PathBox:
    """One enrolment as its page shows it."""
    stages = progress.stages if progress else ()
    boxes = [
        StageBox(stage, [line(one, enrolment) for one in stage.requirements]) for stage in stages
    ]
    return PathBox(enrolment, progress, boxes, list(helpers))


def paths(enrolments: Iterable[Enrolment], *, on: date) -> list[PathBox]:
    """Enrolments with how far they are and who helps; a fixed number of queries."""
    rows = list(enrolments)
    found = selectors.progress_many(rows, on=on)
    taught = mentoring.mentors_of([row.practitioner_id for row in rows], on=on)
    return [path(row, found.get(row.pk), helpers(row, taught)) for row in rows]


def helpers(row: Enrolment, taught: Mapping[int, Sequence[Any]]) -> list[Practitioner]:
    """The mentor of the enrolment, and those by agreement, for this technique or for all."""
    people = {row.mentor.pk: row.mentor} if row.mentor else {}
    for one in taught.get(row.practitioner_id, ()):
        if one.technique_id in (None, row.technique_id):
            people.setdefault(one.mentor_id, one.mentor)
    return list(people.values())
