"""What other rooms may ask about exams, stations and retrainings: by many people at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, DecimalField, IntegerField, Max, Min, Q, QuerySet, Value

from . import rules
from .choices import Metric
from .models import Attempt, Exam, ExamResult, ExtraAttempt, Retraining, Station, StationResult
from .rules import StationFact as StationFact


def passed_exams(practitioner_ids: Iterable[int], *, on: date) -> dict[int, dict[int, date]]:
    """By practitioner: the exams passed by a date, each with the day it was first passed."""
    rows = (
        ExamResult.objects.counting(on)
        .filter(practitioner__in=list(practitioner_ids), passed=True)
        .order_by()
        .values_list("practitioner_id", "exam_id")
        .annotate(first=Min("held_on"))
    )
    found: dict[int, dict[int, date]] = defaultdict(dict)
    for practitioner_id, exam_id, first in rows:
        found[practitioner_id][exam_id] = first
    return dict(found)


def station_facts(
    practitioner_ids: Iterable[int], *, on: date
) -> dict[int, dict[str, StationFact]]:
    """By practitioner and code of a station: how much was done there by a date, passed since when."""
    rows = (
        StationResult.objects.counting(on)
        .filter(practitioner__in=list(practitioner_ids))
        .order_by("held_on", "pk")
        .values_list("practitioner_id", "station_id", "held_on", "value", "passed")
    )
    done: dict[tuple[int, int], list[tuple[date, Any, bool]]] = defaultdict(list)
    for practitioner_id, station_id, *result in rows:
        done[practitioner_id, station_id].append(tuple(result))
    stations = Station.objects.in_bulk({station_id for _person, station_id in done})
    found: dict[int, dict[str, StationFact]] = defaultdict(dict)
    for (practitioner_id, station_id), results in done.items():
        station = stations[station_id]
        found[practitioner_id][station.code] = rules.station_fact(
            station.metric, station.threshold, results
        )
    return dict(found)


@dataclass(frozen=True, slots=True)
class SkillsStanding:
    """How somebody did in a quarter's skills exam; all None where it was not taken."""

    passed_on: date | None = None
    failed_on: date | None = None
    retraining_due_on: date | None = None
    retraining_done_on: date | None = None


def skills_standing(
    practitioner_ids: Iterable[int], *, year: int, quarter: int
) -> dict[int, SkillsStanding]:
    """By practitioner: the skills exam of a quarter; who did not take it is left out."""
    rows = (
        ExamResult.objects.in_quarter(year, quarter)
        .filter(practitioner__in=list(practitioner_ids))
        .order_by()
        .values_list("practitioner_id")
        .annotate(
            passed_on=Min("held_on", filter=Q(passed=True)),
            failed_on=Max("held_on", filter=Q(passed=False)),
            due_on=Max("retraining__due_on"),
            done_on=Max("retraining__done_on"),
        )
    )
    return {practitioner_id: SkillsStanding(*facts) for practitioner_id, *facts in rows}


def open_retrainings(
    *, practitioner_ids: Iterable[int] | None = None, on: date
) -> QuerySet[Retraining]:
    """Retrainings owed on a date, those due first on top."""
    rows = Retraining.objects.owed(on).order_by("due_on", "pk")
    if practitioner_ids is not None:
        rows = rows.filter(practitioner__in=list(practitioner_ids))
    return rows


def records(exams: Iterable[Exam], *, practitioner_id: int, on: date) -> dict[int, rules.Record]:
    """By exam: what one practitioner has done about it by a date (three queries for any number)."""
    ids = [exam.pk for exam in exams]
    wanted: dict[str, Any] = {"exam__in": ids, "practitioner": practitioner_id}
    tried = {
        exam_id: facts
        for exam_id, *facts in Attempt.objects.filter(**wanted)
        .order_by()
        .values_list("exam_id")
        .annotate(n=Count("pk"), running=Count("pk", filter=Q(submitted_at=None)))
    }
    reached = {
        exam_id: facts
        for exam_id, *facts in ExamResult.objects.counting(on)
        .filter(**wanted)
        .order_by()
        .values_list("exam_id")
        .annotate(first=Min("held_on", filter=Q(passed=True)), last=Max("held_on"))
    }
    extra = dict(
        ExtraAttempt.objects.filter(**wanted)
        .order_by()
        .values_list("exam_id")
        .annotate(n=Count("pk"))
    )
    return {
        pk: rules.Record(
            attempts=tried.get(pk, [0, 0])[0],
            has_open=bool(tried.get(pk, [0, 0])[1]),
            passed_on=reached.get(pk, [None, None])[0],
            last_on=reached.get(pk, [None, None])[1],
            extra=extra.get(pk, 0),
        )
        for pk in ids
    }


@dataclass(frozen=True, slots=True)
class Pass:
    """An exam that somebody passed, since when, and what it is about."""

    practitioner_id: int
    exam_id: int
    kind: str
    technique_id: int | None
    on: date


@dataclass(frozen=True, slots=True)
class StationDay:
    """What somebody did at a station on a day; `amount` is the number done, or one."""

    practitioner_id: int
    code: str
    on: date
    amount: float
    passed: bool


def learnt(practitioner_ids: Iterable[int], *, on: date) -> tuple[list[Pass], list[StationDay]]:
    """Exams passed by a date, each once with its first day, and results at stations; one query."""
    people = list(practitioner_ids)
    passes, days = [], []
    rows = _first_passes(people, on).union(_at_stations(people, on), all=True)
    for person, exam, what, technique, day, value, passed, metric in rows:
        if exam is not None:
            passes.append(Pass(person, exam, what, technique, day))
        else:
            done = float(value) if metric == Metric.COUNT else 1.0
            days.append(StationDay(person, what, day, done, passed))
    return passes, days


def _first_passes(people: list[int], on: date) -> QuerySet[Any, Any]:
    about = ("practitioner_id", "exam_id", "exam__kind", "exam__technique_id")
    rows = ExamResult.objects.counting(on).filter(practitioner__in=people, passed=True)
    nothing = Value(None, output_field=DecimalField(null=True))
    first = rows.order_by().values(*about).annotate(first=Min("held_on"))
    return first.values_list(*about, "first", nothing, Value(True), Value(""))


def _at_stations(people: list[int], on: date) -> QuerySet[Any, Any]:
    """Results at stations in the shape of passed exams, without an exam."""
    rows = StationResult.objects.counting(on).filter(practitioner__in=people).order_by()
    nothing = Value(None, output_field=IntegerField(null=True))
    return rows.values_list(
        "practitioner_id",
        nothing,
        "station__code",
        nothing,
        "held_on",
        "value",
        "passed",
        "station__metric",
    )
