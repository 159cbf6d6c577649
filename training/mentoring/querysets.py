"""Rules about sets of mentorships and postings."""

from datetime import date
from typing import Any, Self

from django.db import models
from django.db.models import Count, Exists, F, Func, IntegerField, OuterRef, Q, Value
from django.db.models.functions import Cast, Extract, Greatest, Least

from alliance.core.access import access_of
from alliance.core.choices import Permission
from alliance.institutions.querysets import InForceQuerySet

from .choices import MentorshipStatus, PostingStatus


class MentorshipQuerySet(InForceQuerySet):
    """Mentorships."""

    def visible_to(self, user: Any) -> Self:
        """One's own, those of the houses whose training one sees, and of the alliance overseen."""
        access = access_of(user)
        houses = access.institutions_with(Permission.TRAINING_VIEW)
        return self.filter(
            Q(mentor__user=user.pk)
            | Q(mentee__user=user.pk)
            | Q(mentor_institution__in=houses)
            | Q(mentee_institution__in=houses)
            | Q(alliance__in=access.alliances_with(Permission.TRAINING_VIEW))
        )

    def agreed(self) -> Self:
        """Those both sides agreed to; one that was ended early counts until its end."""
        return self.filter(status__in=(MentorshipStatus.AGREED, MentorshipStatus.ENDED))

    def running(self, on: date) -> Self:
        """Those in which somebody teaches somebody on a date."""
        return self.agreed().in_force(on)

    def meeting(self, since: date, until: date) -> Self:
        """Those whose period shares a day with [since, until)."""
        return self.filter(valid_from__lt=until, valid_until__gt=since)

    def for_list(self) -> Self:
        """With what a row shows."""
        return self.select_related(
            "mentor", "mentee", "technique", "mentor_institution", "mentee_institution"
        )


# Postings that began: plans and cancelled ones are no service.
SERVED = (PostingStatus.RUNNING, PostingStatus.DONE)


def shared_days(since: date, until: date, path: str = "") -> Func:
    """The days that a posting, to which `path` leads, shares with [since, until)."""
    first = Greatest(F(f"{path}valid_from"), Value(since, output_field=models.DateField()))
    last = Least(F(f"{path}valid_until"), Value(until, output_field=models.DateField()))
    return Func(
        last, first, template="(%(expressions)s)", arg_joiner=" - ", output_field=IntegerField()
    )


class PostingQuerySet(InForceQuerySet):
    """Postings."""

    def visible_to(self, user: Any) -> Self:
        """One's own, those from or to houses whose training one sees, and of the alliance."""
        access = access_of(user)
        houses = access.institutions_with(Permission.TRAINING_VIEW)
        return self.filter(
            Q(practitioner__user=user.pk)
            | Q(from_institution__in=houses)
            | Q(to_institution__in=houses)
            | Q(alliance__in=access.alliances_with(Permission.TRAINING_VIEW))
        )

    def served(self) -> Self:
        """Those that began: plans and cancelled ones are no service."""
        return self.filter(status__in=SERVED)

    def planned_or_served(self) -> Self:
        """Those that were not cancelled."""
        return self.exclude(status=PostingStatus.CANCELLED)

    def between(self, since: date, until: date) -> Self:
        """Each that shares a day with [since, until), with `days`, the number of shared days."""
        rows = self.filter(valid_from__lt=until, valid_until__gt=since)
        return rows.annotate(days=shared_days(since, until))

    def with_days_present(self) -> Self:
        """Each with `present`, the number of days the person was there."""
        return self.annotate(present=Count("days_present"))

    def in_year(self, year: int) -> Self:
        """Those that share a day with a calendar year."""
        return self.filter(valid_from__lt=date(year + 1, 1, 1), valid_until__gt=date(year, 1, 1))

    def for_list(self) -> Self:
        """With what a row shows."""
        return self.select_related(
            "practitioner", "from_institution", "to_institution", "department"
        )


class GuidanceQuerySet(models.QuerySet[Any]):
    """Sessions of guidance."""

    def visible_to(self, user: Any) -> Self:
        """Those one gave, received or entered, those at one's houses, and of the alliance."""
        access = access_of(user)
        if Permission.REFERENCE_VIEW not in access.everywhere():
            return self.none()
        houses = access.institutions_with(Permission.TRAINING_VIEW)
        received = self.model.participants.through.objects.filter(
            practitioner__user=user.pk, guidancesession=OuterRef("pk")
        )
        return self.filter(
            Q(mentor__user=user.pk)
            | Q(recorded_by=user.pk)
            | Exists(received)
            | Q(institution__in=houses)
            | Q(mentor__institution__in=houses)
            | Q(alliance__in=access.alliances_with(Permission.TRAINING_VIEW))
        )

    def counting(self) -> Self:
        """Those that were not struck out."""
        return self.filter(struck_at=None)

    def with_length(self) -> Self:
        """Each with `length`, the minutes it took."""
        seconds = Extract(F("ends_at") - F("starts_at"), "epoch")
        return self.annotate(length=Cast(seconds / 60, IntegerField()))

    def for_list(self) -> Self:
        """With what a row shows."""
        return self.select_related("mentor", "institution", "technique").prefetch_related(
            "participants"
        )


class PartQuerySet(models.QuerySet[Any]):
    """Rows that belong to a mentorship or a posting."""

    whole: str

    def visible_to(self, user: Any) -> Self:
        """Those of what one may see."""
        wholes: Any = self.model._meta.get_field(self.whole).related_model
        return self.filter(**{f"{self.whole}__in": wholes.objects.visible_to(user)})


class MentorshipPartQuerySet(PartQuerySet):
    """What belongs to a mentorship."""

    whole = "mentorship"


class PostingPartQuerySet(PartQuerySet):
    """What belongs to a posting."""

    whole = "posting"
