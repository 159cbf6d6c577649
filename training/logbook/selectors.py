"""What others may ask of the logbook. Only confirmed cases count, unless a name says otherwise."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import Any

from django.db.models import Avg, Count, Q

from alliance.core.policy import PolicySet, policies

from .choices import CaseRole, ClavienDindo, Outcome
from .models import Case

_CHUNK = 5000


@dataclass(frozen=True, slots=True)
class CaseCounts:
    """Confirmed cases of one practitioner and technique, by role.

    `complications` and `mean_rating` are of the cases operated oneself; a death is a complication.
    """

    assistant: int = 0
    supervised: int = 0
    independent: int = 0
    complications: int = 0
    mean_rating: Decimal | None = None

    @property
    def operated(self) -> int:
        """Cases operated oneself, supervised or not."""
        return self.supervised + self.independent


@dataclass(frozen=True, slots=True)
class ConfirmedCase:
    """What a confirmed case says about its operator, without the patient."""

    practitioner_id: int
    technique_id: int
    institution_id: int
    performed_on: date
    role: str
    rating: Decimal | None
    is_complication: bool


def case_counts(
    practitioner_ids: Collection[int],
    *,
    technique_ids: Collection[int] | None = None,
    since: date | None = None,
    until: date,
) -> dict[tuple[int, int], CaseCounts]:
    """Counts by (practitioner, technique) of cases performed in [since, until); one query."""
    rows = _asked(practitioner_ids, technique_ids).between(since, until)
    own = ~Q(role=CaseRole.ASSISTANT)
    counted = (
        rows.values("operator_id", "technique_id")
        .annotate(
            assistant=Count("pk", filter=Q(role=CaseRole.ASSISTANT)),
            supervised=Count("pk", filter=Q(role=CaseRole.SUPERVISED)),
            independent=Count("pk", filter=Q(role=CaseRole.INDEPENDENT)),
            complications=Count("pk", filter=own & ~Q(outcome=Outcome.GOOD)),
            mean_rating=Avg("rating", filter=own),
        )
        .order_by()
    )
    return {(row.pop("operator_id"), row.pop("technique_id")): CaseCounts(**row) for row in counted}


def confirmed_cases(
    practitioner_ids: Collection[int],
    *,
    technique_ids: Collection[int] | None = None,
    since: date | None = None,
    until: date,
) -> Iterator[ConfirmedCase]:
    """Each confirmed case performed in [since, until), in order of practitioner and day.

    For whoever has to count from days that differ from one practitioner to the next; one query.
    """
    rows = (
        _asked(practitioner_ids, technique_ids)
        .between(since, until)
        .order_by("operator_id", "technique_id", "performed_on", "pk")
        .values_list(
            "operator_id",
            "technique_id",
            "institution_id",
            "performed_on",
            "role",
            "rating",
            "outcome",
        )
    )
    for who, what, where, on, role, rating, outcome in rows.iterator(chunk_size=_CHUNK):
        yield ConfirmedCase(who, what, where, on, role, rating, outcome != Outcome.GOOD)


def _asked(practitioner_ids: Collection[int], technique_ids: Collection[int] | None) -> Any:
    rows = Case.objects.confirmed().filter(operator__in=list(practitioner_ids))
    return rows if technique_ids is None else rows.filter(technique__in=list(technique_ids))


@dataclass(frozen=True, slots=True)
class Volume:
    """How much somebody has operated lately, and how it went."""

    cases: int
    failures: int

    @property
    def failure_percent(self) -> float | None:
        """The share that failed; None where nothing was operated."""
        return 100 * self.failures / self.cases if self.cases else None


def recent_volume(
    *,
    practitioner_id: int,
    technique_id: int,
    alliance_id: int,
    since: date,
    until: date,
    institution_id: int | None = None,
) -> Volume:
    """Confirmed cases operated oneself in [since, until), and how many of them failed."""
    settings = policies(alliance_id=alliance_id, on=until, prefix="curve.")
    rows = _asked([practitioner_id], [technique_id]).operated().between(since, until)
    if institution_id is not None:
        rows = rows.filter(institution=institution_id)
    counted = rows.aggregate(cases=Count("pk"), failures=Count("pk", filter=failed(settings)))
    return Volume(**counted)


def failed(settings: PolicySet) -> Q:
    """Which cases count as failures on a curve, by the policy in force."""
    grades = [grade.value for grade in ClavienDindo]
    counting = grades[grades.index(settings["curve.failure_from_grade"]) :]
    found = Q(clavien_dindo__in=counting)
    return found | Q(converted=True) if settings["curve.conversion_fails"] else found


@dataclass(frozen=True, slots=True)
class Series:
    """What one practitioner operated with one technique, in order: case ids, and which failed."""

    practitioner_id: int
    technique_id: int
    case_ids: list[int]
    failures: list[bool]


def series(
    *,
    practitioner_ids: Collection[int] | None = None,
    technique_ids: Collection[int] | None = None,
    alliance_id: int,
    until: date,
) -> Iterator[Series]:
    """Every series of an alliance in one pass: operated oneself before `until`, and confirmed.

    One query, streamed in the order of its index, so that the memory needed is that of the longest
    single series.
    """
    rows = Case.objects.confirmed().operated().between(None, until).filter(alliance=alliance_id)
    if practitioner_ids is not None:
        rows = rows.filter(operator__in=list(practitioner_ids))
    if technique_ids is not None:
        rows = rows.filter(technique__in=list(technique_ids))
    settings = policies(alliance_id=alliance_id, on=until, prefix="curve.")
    stream = (
        rows.annotate(is_failure=failed(settings))
        .order_by("alliance_id", "operator_id", "technique_id", "performed_on", "pk")
        .values_list("operator_id", "technique_id", "pk", "is_failure")
        .iterator(chunk_size=_CHUNK)
    )
    for (practitioner, technique), cases in groupby(stream, key=lambda row: row[:2]):
        found = list(cases)
        yield Series(practitioner, technique, [row[2] for row in found], [row[3] for row in found])


def outcome_series(
    *,
    practitioner_ids: Collection[int] | None = None,
    technique_ids: Collection[int] | None = None,
    alliance_id: int,
    until: date,
) -> Iterator[tuple[int, int, list[bool]]]:
    """(practitioner, technique, failures in order of operation), as `series` reads them."""
    for one in series(
        practitioner_ids=practitioner_ids,
        technique_ids=technique_ids,
        alliance_id=alliance_id,
        until=until,
    ):
        yield one.practitioner_id, one.technique_id, one.failures
