"""What other rooms ask about learning."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, Min, Sum

from .models import HoursEntry


def completed_courses(practitioner_ids: Iterable[int], *, on: date) -> dict[int, dict[int, date]]:
    """By practitioner the courses completed until a day, each with the day it was; one query."""
    rows = (
        HoursEntry.objects.completions()
        .filter(practitioner__in=list(practitioner_ids), on__lte=on)
        .values("practitioner_id", "course_id")
        .annotate(day=Min("on"))
    )
    found: dict[int, dict[int, date]] = {}
    for row in rows:
        found.setdefault(row["practitioner_id"], {})[row["course_id"]] = row["day"]
    return found


def hours_by(practitioner_ids: Iterable[int], *, since: date, until: date) -> dict[int, Decimal]:
    """Education hours that count, earned on `since` or later and before `until`; one query."""
    rows = (
        HoursEntry.objects.counting()
        .between(since, until)
        .filter(practitioner__in=list(practitioner_ids))
        .values_list("practitioner_id")
        .annotate(total=Sum("hours"))
    )
    return dict(rows)


def thematic_by(practitioner_ids: Iterable[int], *, since: date, until: date) -> dict[int, int]:
    """Thematic trainings attended on `since` or later and before `until`; one query."""
    rows = (
        HoursEntry.objects.counting()
        .between(since, until)
        .filter(practitioner__in=list(practitioner_ids), is_thematic=True)
        .values_list("practitioner_id")
        .annotate(trainings=Count("pk"))
    )
    return dict(rows)


def entry_done(practitioner_ids: Iterable[int], *, on: date) -> dict[int, date]:
    """By practitioner the day on which an entry training was first completed; one query."""
    rows = (
        HoursEntry.objects.completions()
        .filter(practitioner__in=list(practitioner_ids), on__lte=on, course__is_entry=True)
        .values_list("practitioner_id")
        .annotate(day=Min("on"))
    )
    return dict(rows)


@dataclass(frozen=True, slots=True)
class Completion:
    """A course that somebody completed, and what it is about."""

    practitioner_id: int
    course_id: int
    technique_id: int | None
    is_thematic: bool
    is_entry: bool
    on: date


def completions(practitioner_ids: Iterable[int], *, on: date) -> Iterator[Completion]:
    """Each course completed until a day, in the order of days; one query."""
    rows = (
        HoursEntry.objects.completions()
        .filter(practitioner__in=list(practitioner_ids), on__lte=on)
        .order_by("on", "pk")
        .values_list(
            "practitioner_id",
            "course_id",
            "course__technique_id",
            "course__is_thematic",
            "course__is_entry",
            "on",
        )
    )
    for row in rows:
        yield Completion(*row)


@dataclass(frozen=True, slots=True)
class HoursDay:
    """Education hours that count, of one day."""

    practitioner_id: int
    on: date
    hours: Decimal


def hours_days(practitioner_ids: Iterable[int], *, on: date) -> Iterator[HoursDay]:
    """Hours that count until a day, for whoever counts from days that differ; one query."""
    rows = (
        HoursEntry.objects.counting()
        .filter(practitioner__in=list(practitioner_ids), on__lte=on)
        .order_by()
        .values_list("practitioner_id", "on")
        .annotate(total=Sum("hours"))
    )
    for row in rows:
        yield HoursDay(*row)
