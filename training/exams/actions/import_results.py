"""Results of exams held in person and of stations, brought in as whole files.

Each row is entered by the action of its page, so it is refused for the same reasons, owes the same
retraining and tells the same people.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from alliance.core.exchange import acting
from alliance.core.exchange.plan import Plan, Row, RowError, resolve
from alliance.core.exchange.spec import Place
from alliance.institutions.selectors import alliances_of
from alliance.people.models import Practitioner

from .. import policies
from ..models import Exam, ExamResult, Station, StationResult
from .results import record_result, record_station

Progress = Callable[[int], None]


@dataclass(frozen=True)
class _Batch:
    """The rows of a file, sorted, and how each is entered."""

    plan: Plan
    act: acting.Act


def plan_exam_results(*, rows: Sequence[Row], by: Any, place: Place) -> Plan:
    """What bringing these results in would do; a result that stands here is left alone."""
    batch = _exam_results(rows, by, place)
    return acting.rehearse(batch.plan, batch.act, place=place)


@transaction.atomic
def import_exam_results(*, rows: Sequence[Row], by: Any, place: Place, progress: Progress) -> Plan:
    """Enter results of exams held in person, all or none."""
    batch = _exam_results(rows, by, place)
    return acting.carry_out(batch.plan, batch.act, progress)


def plan_station_results(*, rows: Sequence[Row], by: Any, place: Place) -> Plan:
    """What bringing these station results in would do; one that stands here is left alone."""
    batch = _station_results(rows, by, place)
    return acting.rehearse(batch.plan, batch.act, place=place)


@transaction.atomic
def import_station_results(
    *, rows: Sequence[Row], by: Any, place: Place, progress: Progress
) -> Plan:
    """Enter results of stations, all or none."""
    batch = _station_results(rows, by, place)
    return acting.carry_out(batch.plan, batch.act, progress)


def _exam_results(rows: Sequence[Row], by: Any, place: Place) -> _Batch:
    exams = Exam.objects.visible_to(by).filter(alliance=_alliance(by, place))
    errors = [*_people(rows, by), *resolve(rows, "exam", exams, by=("name",))]
    known = exams.in_bulk({row.values["exam_id"] for row in rows if row.values.get("exam_id")})
    people = _in_bulk(rows)
    stored = ExamResult.objects.filter(voided_at=None, practitioner__in=people, exam__in=known)
    scores: dict[tuple[Any, ...], set[int]] = {}
    for person, exam, day, score in stored.values_list(
        "practitioner_id", "exam_id", "held_on", "score"
    ):
        scores.setdefault((person, exam, day), set()).add(score)

    def key(row: Row) -> tuple[Any, ...]:
        return tuple(row.values[name] for name in ("practitioner_id", "exam_id", "held_on"))

    def stands(row: Row) -> bool:
        here = scores.get(key(row), set())
        if row.values.get("voided") or row.values["score"] in here:
            return True
        if here:
            message = _("A result of that day is here with another score. Void that one first.")
            raise ValidationError({"score": message})
        return False

    def act(row: Row) -> None:
        record_result(
            exam=known[row.values["exam_id"]],
            practitioner=people[row.values["practitioner_id"]],
            held_on=row.values["held_on"],
            score=row.values["score"],
            note=row.values.get("note", ""),
            by=by,
        )

    return _Batch(acting.sort(rows, key=key, stands=stands, errors=errors), act)


def _station_results(rows: Sequence[Row], by: Any, place: Place) -> _Batch:
    stations = Station.objects.visible_to(by).filter(alliance=_alliance(by, place))
    errors = [*_people(rows, by), *resolve(rows, "station", stations)]
    known = stations.in_bulk(
        {row.values["station_id"] for row in rows if row.values.get("station_id")}
    )
    people = _in_bulk(rows)
    stored = set(
        StationResult.objects.filter(
            voided_at=None, practitioner__in=people, station__in=known
        ).values_list("practitioner_id", "station_id", "held_on", "value")
    )

    def key(row: Row) -> tuple[Any, ...]:
        # Whoever tries twice a day reaches two values: another value is another result.
        names = ("practitioner_id", "station_id", "held_on", "value")
        return tuple(row.values[name] for name in names)

    def act(row: Row) -> None:
        record_station(
            station=known[row.values["station_id"]],
            practitioner=people[row.values["practitioner_id"]],
            held_on=row.values["held_on"],
            value=row.values["value"],
            note=row.values.get("note", ""),
            by=by,
        )

    def stands(row: Row) -> bool:
        return bool(row.values.get("voided")) or key(row) in stored

    return _Batch(acting.sort(rows, key=key, stands=stands, errors=errors), act)


def _alliance(by: Any, place: Place) -> int | None:
    """The alliance whose exams and stations a file names: of the office, else of the house."""
    policies.insist(policies.may_assess(by))
    if place.alliance_id is not None or place.institution_id is None:
        return place.alliance_id
    joined = alliances_of(place.institution_id, on=place.on)
    return joined[0].pk if joined else None


def _people(rows: Sequence[Row], by: Any) -> list[RowError]:
    people = Practitioner.objects.visible_to(by)
    return resolve(rows, "practitioner", people, by=("licence_number",))


def _in_bulk(rows: Sequence[Row]) -> dict[int, Practitioner]:
    ids = {row.values["practitioner_id"] for row in rows if row.values.get("practitioner_id")}
    found: dict[int, Practitioner] = Practitioner.objects.in_bulk(ids)
    return found
