"""What other rooms ask about learning."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, DecimalField, IntegerField, Min, Sum, Value

from .models import HoursEntry
from .querysets import HoursQuerySet


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


@dataclass(frozen=True, slots=True)
class HoursDay:
    """Education hours that count, of one day."""

    practitioner_id: int
    on: date
    hours: Decimal


def learnt(
    practitioner_ids: Iterable[int], *, on: date, with_hours: bool
) -> tuple[list[Completion], list[HoursDay]]:
    """Each course completed until a day, and the hours of each day where asked for; one query."""
    counting = HoursEntry.objects.counting().filter(
        practitioner__in=list(practitioner_ids), on__lte=on
    )
    rows = (
        counting.completions()
        .order_by()
        .values_list(
            "practitioner_id",
            "course_id",
            "course__technique_id",
            "course__is_thematic",
            "course__is_entry",
            "on",
            Value(None, output_field=DecimalField(null=True)),
        )
    )
    if with_hours:
        rows = rows.union(_of_each_day(counting), all=True)
    completed, days = [], []
    for person, course, technique, is_thematic, is_entry, day, hours in rows:
        if course is not None:
            completed.append(Completion(person, course, technique, is_thematic, is_entry, day))
        else:
            days.append(HoursDay(person, day, hours))
    return completed, days


def _of_each_day(counting: HoursQuerySet) -> Any:
    """Sums of hours in the shape of courses completed, without a course."""
    number = IntegerField(null=True)
    summed = counting.order_by().values("practitioner_id", "on").annotate(total=Sum("hours"))
    return summed.values_list(
        "practitioner_id",
        Value(None, output_field=number),
        Value(None, output_field=number),
        Value(False),
        Value(False),
        "on",
        "total",
    )
