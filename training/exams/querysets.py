"""Rules about sets of exams, attempts and results."""

from datetime import date
from typing import Any, Self

from django.db import models
from django.db.models import Count, Q
from django.utils import timezone

from alliance.core.access import access_of
from alliance.core.choices import Permission
from alliance.institutions.models import Membership

from . import rules
from .choices import ExamKind

# Whoever learns, teaches or watches over training knows which exams and stations there are.
LOOKERS = (
    Permission.LEARNING_OWN,
    Permission.TRAINING_VIEW,
    Permission.TRAINING_TEACH,
    Permission.TRAINING_MANAGE,
    Permission.PROGRAMME_MANAGE,
)

# Who enters results.
ASSESSING = (Permission.TRAINING_TEACH, Permission.TRAINING_MANAGE)


def alliances_of(user: Any, *permissions: Permission) -> Q:
    """Rows of the alliances where one of `permissions` is held, at the office or in a house."""
    access = access_of(user)
    offices = {pk for one in permissions for pk in access.alliances_with(one)}
    houses = {pk for one in permissions for pk in access.institutions_with(one)}
    joined = Membership.objects.in_force(timezone.localdate()).filter(institution__in=houses)
    return Q(alliance__in=offices) | Q(alliance__in=joined.values("alliance"))


class ExamQuerySet(models.QuerySet[Any]):
    """Exams."""

    def visible_to(self, user: Any) -> Self:
        """Those of one's alliances."""
        return self.filter(alliances_of(user, *LOOKERS))

    def online(self) -> Self:
        """Those that are sat on a screen."""
        return self.exclude(bank=None)

    def in_person(self) -> Self:
        """Those whose results somebody enters."""
        return self.filter(bank=None)

    def for_list(self) -> Self:
        """With what a row shows."""
        return self.select_related("technique", "bank")


class BankQuerySet(models.QuerySet[Any]):
    """Question banks: they hold the answers, so learners never see them."""

    def visible_to(self, user: Any) -> Self:
        """Those of the alliances whose exams one maintains."""
        return self.filter(alliance__in=access_of(user).alliances_with(Permission.PROGRAMME_MANAGE))

    def counted(self) -> Self:
        """Each with `in_use`: how many questions may be drawn."""
        return self.select_related("technique").annotate(
            in_use=Count("questions", filter=Q(questions__is_active=True))
        )


class QuestionQuerySet(models.QuerySet[Any]):
    """Questions."""

    def visible_to(self, user: Any) -> Self:
        """Those of the banks one maintains."""
        mine = access_of(user).alliances_with(Permission.PROGRAMME_MANAGE)
        return self.filter(bank__alliance__in=mine)

    def active(self) -> Self:
        """Those that may be drawn."""
        return self.filter(is_active=True)


class AttemptQuerySet(models.QuerySet[Any]):
    """Attempts at an exam."""

    def visible_to(self, user: Any) -> Self:
        """One's own: the paper and what one answered concern nobody else."""
        practitioner = getattr(user, "practitioner_id", None)
        if Permission.LEARNING_OWN not in access_of(user).everywhere() or practitioner is None:
            return self.none()
        return self.filter(practitioner=practitioner)

    def open(self) -> Self:
        """Those that have not ended."""
        return self.filter(submitted_at=None)


class _OfPractitioners(models.QuerySet[Any]):
    """What is known of somebody's learning."""

    def visible_to(self, user: Any) -> Self:
        """One's own, one's house's, one's alliance's."""
        return self.filter(self._mine(user))

    def _mine(self, user: Any) -> Q:
        access = access_of(user)
        mine = Q(alliance__in=access.alliances_with(Permission.TRAINING_VIEW))
        if houses := access.institutions_with(Permission.TRAINING_VIEW):
            mine |= Q(institution__in=houses)
        practitioner = getattr(user, "practitioner_id", None)
        if practitioner is not None and Permission.LEARNING_OWN in access.everywhere():
            mine |= Q(practitioner=practitioner)
        return mine

    def for_list(self) -> Self:
        """With what a row shows."""
        return self.select_related("practitioner", "institution")


class _Assessed(_OfPractitioners):
    """Results that an assessor may have entered."""

    def _mine(self, user: Any) -> Q:
        """Also those one entered oneself, wherever the trainee works."""
        mine = super()._mine(user)
        assesses = not access_of(user).everywhere().isdisjoint(ASSESSING)
        return mine | Q(assessor=user.pk) if assesses else mine

    def counting(self, on: date) -> Self:
        """Those that count on a date: held by then and not void."""
        return self.filter(voided_at=None, held_on__lte=on)


class ResultQuerySet(_Assessed):
    """Results of exams."""

    def in_quarter(self, year: int, quarter: int) -> Self:
        """Results of skills exams held in a quarter."""
        first, after = rules.quarter_period(year, quarter)
        return self.filter(
            voided_at=None, exam__kind=ExamKind.SKILLS, held_on__gte=first, held_on__lt=after
        )

    def for_list(self) -> Self:
        """With what a row shows."""
        return super().for_list().select_related("exam", "assessor")


class StationQuerySet(models.QuerySet[Any]):
    """Simulation stations."""

    def visible_to(self, user: Any) -> Self:
        """Those of one's alliances."""
        return self.filter(alliances_of(user, *LOOKERS))


class StationResultQuerySet(_Assessed):
    """What was done at stations."""

    def for_list(self) -> Self:
        """With what a row shows."""
        return super().for_list().select_related("station", "assessor")


class RetrainingQuerySet(_OfPractitioners):
    """Retrainings owed after a failed skills exam."""

    def owed(self, on: date) -> Self:
        """Those not done by a date, whose failure still counts."""
        return self.filter(
            Q(done_on=None) | Q(done_on__gt=on), cause__voided_at=None, cause__held_on__lte=on
        )

    def for_list(self) -> Self:
        """With what a row shows."""
        return super().for_list().select_related("cause__exam", "done_by")


class ExtraAttemptQuerySet(models.QuerySet[Any]):
    """Further attempts that somebody was given."""

    def visible_to(self, user: Any) -> Self:
        """Those at exams of one's alliances."""
        return self.filter(alliances_of(user, *LOOKERS))
