"""Rules about sets of admissions."""

from datetime import date
from typing import Any, Self

from django.db import models
from django.db.models import (
    Case,
    Count,
    FilteredRelation,
    IntegerField,
    Q,
    Sum,
    When,
)
from django.db.models.functions import Coalesce

from alliance.catalogue.choices import RequirementKind
from alliance.core.access import access_of
from alliance.core.choices import Permission
from alliance.core.expressions import looked_up
from alliance.institutions.models import Department, Institution
from alliance.people.choices import TitleCode
from alliance.people.models import Practitioner

from .choices import GRANTED, Status

_HOUSE = "admission__institution_id"
_SENIOR = (TitleCode.CHIEF, TitleCode.ASSOCIATE_CHIEF)


class AdmissionQuerySet(models.QuerySet[Any]):
    """Which institution may use which technique, and who asked for it."""

    def visible_to(self, user: Any) -> Self:
        """An institution's own for those who apply there; what was granted for its staff; all but
        drafts for those who oversee the alliance.
        """
        access = access_of(user)
        granted = Q(status__in=GRANTED, valid_from__isnull=False)
        return self.filter(
            Q(institution__in=access.institutions_with(Permission.ADMISSION_APPLY))
            | Q(institution__in=access.institutions_with(Permission.PRIVILEGE_VIEW)) & granted
            | Q(alliance__in=access.alliances_with(Permission.TRAINING_VIEW))
            & ~Q(status=Status.DRAFT)
        )

    def granted_on(self, on: date) -> Self:
        """Those whose period holds a date, suspended or not."""
        return self.filter(
            Q(valid_until=None) | Q(valid_until__gt=on), status__in=GRANTED, valid_from__lte=on
        )

    def in_force(self, on: date) -> Self:
        """Those that count on a date: granted, in their period, not suspended that day."""
        holds = Q(suspensions__valid_until=None) | Q(suspensions__valid_until__gt=on)
        stop = FilteredRelation("suspensions", condition=holds & Q(suspensions__valid_from__lte=on))
        return self.granted_on(on).alias(stop=stop).filter(stop=None)

    def for_list(self) -> Self:
        """With what a row shows."""
        return self.select_related("institution", "technique")

    def filing_late(self, on: date) -> Self:
        """Restricted techniques in use whose filing was due before a date and not made by then."""
        return self.filter(Q(filed_on=None) | Q(filed_on__gt=on), filing_due__lt=on)


class AnswerQuerySet(models.QuerySet[Any]):
    """Answers of applications."""

    def counted(self) -> Self:
        """With `counted`: what the platform's own directory says today, None where it knows nothing.

        A topic is the beginning of a specialty's code; empty, it is the whole institution. Answers
        of a house are alike, so each number is taken once for a house and not for each answer.
        """
        asked: dict[tuple[str, str], list[int]] = {}
        for kind, topic, house in self.order_by().values_list("kind", "topic", _HOUSE).distinct():
            asked.setdefault((kind, topic), []).append(house)
        numbers = {
            (kind, topic): _numbers(kind, topic, asked[kind, topic]) for kind, topic in asked
        }
        known = [
            When(kind=kind, topic=topic, then=Coalesce(looked_up(found, _HOUSE), 0))
            for (kind, topic), found in numbers.items()
            if found is not None
        ]
        return self.annotate(counted=Case(*known, default=None, output_field=IntegerField()))


def _numbers(kind: str, topic: str, houses: list[int]) -> dict[int, int] | None:
    """What the directory says of each house about one topic; a house with nothing is left out."""
    if kind == RequirementKind.BEDS and not topic:
        found = Institution.objects.filter(pk__in=houses).values_list("pk", "beds")
    elif kind in (RequirementKind.BEDS, RequirementKind.DEPARTMENT):
        number = Sum("beds") if kind == RequirementKind.BEDS else Count("pk")
        found = _by_house(_departments(topic), houses, number)
    elif kind in (RequirementKind.STAFF, RequirementKind.SENIOR_STAFF):
        people = _people(topic)
        if kind == RequirementKind.SENIOR_STAFF:
            people = people.filter(title_code__in=_SENIOR)
        found = _by_house(people, houses, Count("pk"))
    else:
        return None
    return dict(found)


def _departments(topic: str) -> models.QuerySet[Department]:
    return Department.objects.filter(is_active=True, specialty__code__startswith=topic)


def _people(topic: str) -> models.QuerySet[Practitioner]:
    people: models.QuerySet[Practitioner] = Practitioner.objects.filter(is_active=True)
    if not topic:
        return people
    known = Practitioner.specialties.through.objects.filter(specialty__code__startswith=topic)
    return people.filter(pk__in=known.values("practitioner"))


def _by_house(
    rows: models.QuerySet[Any], houses: list[int], number: Any
) -> models.QuerySet[Any, tuple[int, int]]:
    grouped = rows.filter(institution__in=houses).order_by().values("institution")
    return grouped.annotate(number=number).values_list("institution", "number")
