"""Rules about sets of admissions."""

from datetime import date
from typing import Any, Self

from django.db import models
from django.db.models import (
    Case,
    Count,
    Exists,
    F,
    FilteredRelation,
    IntegerField,
    OuterRef,
    Q,
    Subquery,
    Sum,
    When,
)
from django.db.models.functions import Coalesce

from alliance.catalogue.choices import RequirementKind
from alliance.core.access import access_of
from alliance.core.choices import Permission
from alliance.institutions.models import Department
from alliance.people.choices import TitleCode
from alliance.people.models import Practitioner

from .choices import GRANTED, Status

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
    """Answers of an application."""

    def counted(self) -> Self:
        """With `counted`: what the platform's own directory says today, None where it knows nothing.

        A topic is the beginning of a specialty's code; empty, it is the whole institution.
        """
        kind, whole = RequirementKind, Q(topic="")
        senior = _people().filter(title_code__in=_SENIOR)
        return self.annotate(
            counted=Case(
                When(whole, kind=kind.BEDS, then=F("admission__institution__beds")),
                When(kind=kind.BEDS, then=_one(_departments(), Sum("beds"))),
                When(kind=kind.DEPARTMENT, then=_one(_departments(), Count("pk"))),
                When(whole, kind=kind.STAFF, then=_one(_people(), Count("pk"))),
                When(whole, kind=kind.SENIOR_STAFF, then=_one(senior, Count("pk"))),
                When(kind=kind.STAFF, then=_of_specialty(_people())),
                When(kind=kind.SENIOR_STAFF, then=_of_specialty(senior)),
                default=None,
                output_field=IntegerField(),
            )
        )


def _departments() -> models.QuerySet[Department]:
    return Department.objects.filter(
        institution=OuterRef("admission__institution"),
        is_active=True,
        specialty__code__startswith=OuterRef("topic"),
    )


def _people() -> models.QuerySet[Practitioner]:
    return Practitioner.objects.filter(
        institution=OuterRef("admission__institution"), is_active=True
    )


def _of_specialty(people: models.QuerySet[Practitioner]) -> Coalesce:
    """Counted among the people of the house: a join would begin with all of the specialty anywhere."""
    known = Practitioner.specialties.through.objects.filter(
        practitioner=OuterRef("pk"), specialty__code__startswith=OuterRef(OuterRef("topic"))
    )
    return _one(people, Count("pk", filter=Q(Exists(known))))


def _one(rows: models.QuerySet[Any], number: Any) -> Coalesce:
    """One number over the rows of an institution; 0 where there are none."""
    found = rows.order_by().values("institution").annotate(number=number).values("number")
    return Coalesce(Subquery(found), 0)
