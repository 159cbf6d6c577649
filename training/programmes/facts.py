"""The facts behind requirements, for many enrolments at once: a fixed number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from itertools import chain
from typing import TypeVar

from django.db.models import DecimalField, F, IntegerField, Value

from training.courses import selectors as courses
from training.exams import selectors as exams
from training.logbook import selectors as logbook
from training.mentoring import selectors as mentoring
from training.mentoring.choices import PostingKind

from . import rules
from .choices import CourseVariety, ExamVariety, Need
from .models import Enrolment, PriorRecord, SignOff, StageRequirement
from .rules import Fact

T = TypeVar("T")
# Exams that are about one technique; the others are about the person.
_ABOUT_A_TECHNIQUE = frozenset({ExamVariety.THEORY, ExamVariety.ANIMAL, ExamVariety.ASSESSMENT})
# As many days of rotation count as a month.
DAYS_A_MONTH = 30


@dataclass(frozen=True, slots=True)
class Past:
    """A confirmed record of the past."""

    kind: str
    technique_id: int | None
    variety: str
    station_code: str
    part: str
    amount: float
    on: date


@dataclass
class Book:
    """Everything the rooms below know about some people, by person."""

    on: date
    passes: Mapping[int, Sequence[exams.Pass]]
    stations: Mapping[int, Sequence[exams.StationDay]]
    completions: Mapping[int, Sequence[courses.Completion]]
    cases: Mapping[int, Sequence[logbook.ConfirmedCase]]
    past: Mapping[int, Sequence[Past]] = field(default_factory=dict)
    signed: Mapping[tuple[int, int], date] = field(default_factory=dict)
    hours: Mapping[int, Sequence[courses.HoursDay]] = field(default_factory=dict)
    served: Mapping[int, Sequence[mentoring.Served]] = field(default_factory=dict)


def requirements_of(version_ids: Collection[int]) -> dict[int, list[StageRequirement]]:
    """What versions ask for, in order, with stage, course and exam; one query."""
    rows = (
        StageRequirement.objects.filter(stage__version__in=version_ids)
        .select_related("stage", "course", "exam")
        .order_by("stage__order", "order", "pk")
    )
    found: dict[int, list[StageRequirement]] = defaultdict(list)
    for row in rows:
        found[row.stage.version_id].append(row)
    return found


def paths(
    enrolments: Sequence[Enrolment], needs: Mapping[int, Sequence[StageRequirement]], *, on: date
) -> dict[int, rules.Path]:
    """Where each enrolment stands on a date."""
    book = _open(enrolments, set(chain.from_iterable(needs.values())), on=on)
    return {
        one.pk: rules.stage_states(
            stages_of(needs[one.programme_version_id]),
            {need.pk: list(facts_for(need, one, book)) for need in needs[one.programme_version_id]},
        )
        for one in enrolments
        if one.programme_version_id in needs
    }


def stages_of(needs: Sequence[StageRequirement]) -> list[rules.StageNeeds]:
    """Requirements by stage, as the rules take them."""
    stages: dict[int, list[StageRequirement]] = defaultdict(list)
    for need in needs:
        stages[need.stage.order].append(need)
    return [
        rules.StageNeeds(
            order,
            here[0].stage.kind,
            tuple(rules.Requirement(one.pk, one.kind, float(one.minimum)) for one in here),
        )
        for order, here in sorted(stages.items())
    ]


def facts_for(need: StageRequirement, enrolment: Enrolment, book: Book) -> Iterator[Fact]:
    """What counts for one requirement of one enrolment."""
    yield from _SEEN[need.kind](need, enrolment, book)
    for past in book.past.get(enrolment.practitioner_id, ()):
        if past.kind == need.kind and _is_meant(need, enrolment, past):
            yield Fact(past.on, past.amount, is_prior=True)


# --- reading ------------------------------------------------------------------------------------


def _open(enrolments: Sequence[Enrolment], needs: set[StageRequirement], *, on: date) -> Book:
    people = {one.practitioner_id for one in enrolments}
    asked = {need.kind for need in needs}
    after = on + timedelta(days=1)
    past, signed = _own(enrolments, people, on=on)
    passes, stations = exams.learnt(people, on=on)
    completed, hours = courses.learnt(people, on=on, with_hours=Need.HOURS in asked)
    return Book(
        on,
        passes=_by_person(passes),
        stations=_by_person(stations),
        completions=_by_person(completed),
        cases=_by_person(logbook.confirmed_cases(people, until=after)),
        past=past,
        signed=signed,
        hours=_by_person(hours),
        served=_by_person(mentoring.served(people, kind=PostingKind.ROTATION, on=on))
        if Need.MONTHS in asked
        else {},
    )


def _by_person(rows: Iterable[T]) -> dict[int, list[T]]:
    found: dict[int, list[T]] = defaultdict(list)
    for row in rows:
        found[row.practitioner_id].append(row)  # type: ignore[attr-defined]
    return found


def _own(
    enrolments: Sequence[Enrolment], people: Collection[int], *, on: date
) -> tuple[dict[int, list[Past]], dict[tuple[int, int], date]]:
    """What this room itself knows, confirmed records and signatures, in one query."""
    number = IntegerField(null=True)
    signatures = SignOff.objects.filter(enrolment__in=enrolments, on__lte=on).values_list(
        F("enrolment_id"),
        F("requirement_id"),
        Value(""),
        Value(None, output_field=number),
        Value(""),
        Value(""),
        Value(""),
        Value(Decimal(1), output_field=DecimalField()),
        F("on"),
    )
    records = (
        PriorRecord.objects.confirmed()
        .filter(practitioner__in=people, on__lte=on)
        .values_list(
            F("practitioner_id"),
            Value(None, output_field=number),
            F("kind"),
            F("technique_id"),
            F("variety"),
            F("station_code"),
            F("part"),
            F("amount"),
            F("on"),
        )
    )
    past: dict[int, list[Past]] = defaultdict(list)
    signed: dict[tuple[int, int], date] = {}
    for whose, requirement, *rest, amount, day in records.union(signatures, all=True):
        if requirement is None:
            kind, technique, variety, station, part = rest
            past[whose].append(Past(kind, technique, variety, station, part, float(amount), day))
        else:
            signed[whose, requirement] = day
    return past, signed


# --- what counts for what -----------------------------------------------------------------------

Seen = Callable[[StageRequirement, Enrolment, Book], Iterator[Fact]]


def _technique(need: StageRequirement, enrolment: Enrolment) -> int | None:
    return need.technique_id or enrolment.technique_id


def _courses(need: StageRequirement, enrolment: Enrolment, book: Book) -> Iterator[Fact]:
    technique = _technique(need, enrolment)
    for one in book.completions.get(enrolment.practitioner_id, ()):
        if need.course_id:
            fits = one.course_id == need.course_id
        elif need.variety == CourseVariety.TECHNIQUE:
            fits = technique is not None and one.technique_id == technique
        else:
            fits = one.is_entry if need.variety == CourseVariety.ENTRY else one.is_thematic
        if fits:
            yield Fact(one.on)


def _exams(need: StageRequirement, enrolment: Enrolment, book: Book) -> Iterator[Fact]:
    technique = _technique(need, enrolment)
    for one in book.passes.get(enrolment.practitioner_id, ()):
        if need.exam_id:
            fits = one.exam_id == need.exam_id
        else:
            about = need.variety not in _ABOUT_A_TECHNIQUE or one.technique_id == technique
            fits = one.kind == need.variety and about
        if fits:
            yield Fact(one.on)


def _station(need: StageRequirement, enrolment: Enrolment, book: Book) -> Iterator[Fact]:
    for one in book.stations.get(enrolment.practitioner_id, ()):
        if one.code == need.station_code and one.passed:
            yield Fact(one.on)


def _animals(need: StageRequirement, enrolment: Enrolment, book: Book) -> Iterator[Fact]:
    for one in book.stations.get(enrolment.practitioner_id, ()):
        if one.code == need.station_code:
            yield Fact(one.on, one.amount)


def _cases(need: StageRequirement, enrolment: Enrolment, book: Book) -> Iterator[Fact]:
    for one in _operated(need, enrolment, book):
        yield Fact(one.performed_on)


def _ratings(need: StageRequirement, enrolment: Enrolment, book: Book) -> Iterator[Fact]:
    for one in _operated(need, enrolment, book):
        if one.rating is not None:
            yield Fact(one.performed_on, float(one.rating))


def _operated(
    need: StageRequirement, enrolment: Enrolment, book: Book
) -> Iterator[logbook.ConfirmedCase]:
    technique, parts = _technique(need, enrolment), rules.parts_from(need.part)
    for one in book.cases.get(enrolment.practitioner_id, ()):
        if one.role in parts and technique in (None, one.technique_id):
            yield one


def _months(need: StageRequirement, enrolment: Enrolment, book: Book) -> Iterator[Fact]:
    for one in book.served.get(enrolment.practitioner_id, ()):
        last = min(one.until - timedelta(days=1), book.on)
        days = (last - max(one.since, enrolment.started_on)).days + 1
        if days > 0:
            yield Fact(last, days / DAYS_A_MONTH)


def _hours(need: StageRequirement, enrolment: Enrolment, book: Book) -> Iterator[Fact]:
    for one in book.hours.get(enrolment.practitioner_id, ()):
        if one.on >= enrolment.started_on:
            yield Fact(one.on, float(one.hours))


def _signatures(need: StageRequirement, enrolment: Enrolment, book: Book) -> Iterator[Fact]:
    day = book.signed.get((enrolment.pk, need.pk))
    if day is not None:
        yield Fact(day)


_SEEN: Mapping[str, Seen] = {
    Need.COURSE: _courses,
    Need.EXAM: _exams,
    Need.STATION: _station,
    Need.ANIMAL_CASES: _animals,
    Need.CASES: _cases,
    Need.RATING: _ratings,
    Need.MONTHS: _months,
    Need.HOURS: _hours,
    Need.SIGN_OFF: _signatures,
}


def _is_meant(need: StageRequirement, enrolment: Enrolment, past: Past) -> bool:
    """Whether a record of the past is about what this requirement asks for."""
    technique = _technique(need, enrolment)
    if need.kind in (Need.COURSE, Need.EXAM):
        return (past.variety, past.technique_id) in _about(need, technique)
    if need.kind in (Need.STATION, Need.ANIMAL_CASES):
        return past.station_code == need.station_code
    if need.kind in (Need.CASES, Need.RATING):
        fits = technique in (None, past.technique_id)
        return fits and past.part in rules.parts_from(need.part)
    return True


def _about(need: StageRequirement, technique: int | None) -> set[tuple[str, int | None]]:
    """The (variety, technique) of records that stand for the course or exam asked for."""
    if need.course is not None:
        named: set[tuple[str, int | None]] = {
            (CourseVariety.TECHNIQUE.value, need.course.technique_id)
        }
        named |= {(CourseVariety.ENTRY.value, None)} if need.course.is_entry else set()
        return named | (
            {(CourseVariety.THEMATIC.value, None)} if need.course.is_thematic else set()
        )
    if need.exam is not None:
        return {(need.exam.kind, need.exam.technique_id)}
    about = need.variety in _ABOUT_A_TECHNIQUE or need.variety == CourseVariety.TECHNIQUE
    return {(need.variety, technique if about else None)}
