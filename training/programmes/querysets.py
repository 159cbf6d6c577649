"""Rules about sets of programmes, enrolments and records of the past."""

from datetime import date
from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from alliance.core.access import access_of
from alliance.core.choices import Permission
from alliance.institutions.models import Membership

from .choices import EnrolmentStatus, PriorState, VersionStatus

LOOKERS = (Permission.LEARNING_OWN, Permission.TRAINING_VIEW, Permission.PROGRAMME_MANAGE)


def alliances_reached(user: Any, path: str = "alliance") -> Q:
    """A condition: of the alliances one looks after, or that one's houses belong to today."""
    access = access_of(user)
    groups = {pk for one in LOOKERS for pk in access.alliances_with(one)}
    houses = {pk for one in LOOKERS for pk in access.institutions_with(one)}
    joined = Membership.objects.in_force(timezone.localdate()).filter(institution__in=houses)
    return Q(**{f"{path}__in": groups}) | Q(**{f"{path}__in": joined.values("alliance")})


class ProgrammeQuerySet(models.QuerySet[Any]):
    """Programmes of alliances."""

    def visible_to(self, user: Any) -> Self:
        """Those that the alliances of one's houses offer; all of one's alliance for its office."""
        mine = access_of(user).alliances_with(Permission.PROGRAMME_MANAGE)
        return self.filter(alliances_reached(user), Q(is_offered=True) | Q(alliance__in=mine))

    def for_list(self) -> Self:
        """With what a row shows."""
        return self.select_related("technique", "alliance")


class VersionQuerySet(models.QuerySet[Any]):
    """Versions of programmes."""

    def visible_to(self, user: Any) -> Self:
        """Published versions of the alliances within reach; drafts for the alliance's office."""
        mine = access_of(user).alliances_with(Permission.PROGRAMME_MANAGE)
        return self.filter(
            alliances_reached(user, "programme__alliance"),
            Q(status=VersionStatus.PUBLISHED) | Q(programme__alliance__in=mine),
        )

    def in_force(self, on: date) -> Self:
        """The published version of each programme that counts on a date, one row a programme."""
        return (
            self.filter(status=VersionStatus.PUBLISHED, effective_from__lte=on)
            .order_by("programme", "-effective_from")
            .distinct("programme")
        )


class StageQuerySet(models.QuerySet[Any]):
    """Stages of versions."""

    def visible_to(self, user: Any) -> Self:
        """Those of the versions one sees."""
        versions = self.model._meta.get_field("version").related_model
        return self.filter(version__in=versions.objects.visible_to(user))


class StageRequirementQuerySet(models.QuerySet[Any]):
    """What stages ask for."""

    def visible_to(self, user: Any) -> Self:
        """Those of the stages one sees."""
        stages = self.model._meta.get_field("stage").related_model
        return self.filter(stage__in=stages.objects.visible_to(user))


class OwnedQuerySet(models.QuerySet[Any]):
    """Rows about a practitioner, of an institution and an alliance."""

    def seen_by(self, user: Any) -> Q:
        """One's own, and those of the houses and alliances whose training one sees."""
        access = access_of(user)
        return (
            Q(practitioner__user=user.pk)
            | Q(institution__in=access.institutions_with(Permission.TRAINING_VIEW))
            | Q(alliance__in=access.alliances_with(Permission.TRAINING_VIEW))
        )


class EnrolmentQuerySet(OwnedQuerySet):
    """Who learns what."""

    def visible_to(self, user: Any) -> Self:
        """One's own, one's mentees', and those of the houses whose training one sees."""
        return self.filter(self.seen_by(user) | Q(mentor__user=user.pk))

    def active(self) -> Self:
        """Those that go on."""
        return self.filter(status=EnrolmentStatus.ACTIVE)

    def for_list(self) -> Self:
        """With what a row shows."""
        return self.select_related(
            "practitioner", "institution", "mentor", "technique", "programme_version", "programme"
        )


class SignOffQuerySet(models.QuerySet[Any]):
    """Signatures under requirements."""

    def visible_to(self, user: Any) -> Self:
        """Those of the enrolments one sees."""
        enrolments = self.model._meta.get_field("enrolment").related_model
        return self.filter(enrolment__in=enrolments.objects.visible_to(user))


class EnrolmentEventQuerySet(models.QuerySet[Any]):
    """What happened to enrolments."""

    def visible_to(self, user: Any) -> Self:
        """Those of the enrolments one sees."""
        enrolments = self.model._meta.get_field("enrolment").related_model
        return self.filter(enrolment__in=enrolments.objects.visible_to(user))


class PriorRecordQuerySet(OwnedQuerySet):
    """Records of the past."""

    def visible_to(self, user: Any) -> Self:
        """One's own, and those of the houses whose training one sees."""
        return self.filter(self.seen_by(user))

    def confirmed(self) -> Self:
        """Those that count."""
        return self.filter(state=PriorState.CONFIRMED)

    def for_list(self) -> Self:
        """With what a row shows."""
        return self.select_related("practitioner", "institution", "technique", "decided_by")
