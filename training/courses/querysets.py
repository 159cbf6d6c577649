"""Rules about sets of courses, sessions, seats and hours."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from alliance.core.access import access_of
from alliance.core.choices import Permission
from alliance.institutions.models import Membership
from alliance.institutions.querysets import InForceQuerySet

from .choices import EntryStatus, HoursKind, SeatStatus

LOOKERS = (Permission.LEARNING_OWN, Permission.TRAINING_VIEW, Permission.PROGRAMME_MANAGE)
KEEPERS = (Permission.TRAINING_TEACH, Permission.TRAINING_MANAGE)


def houses_with(user: Any, permissions: Iterable[Permission]) -> set[int]:
    """Ids of the institutions where the user holds any of the permissions."""
    access = access_of(user)
    return {pk for one in permissions for pk in access.institutions_with(one)}


def alliances_with(user: Any, permissions: Iterable[Permission]) -> set[int]:
    """Ids of the alliances where the user holds any of the permissions."""
    access = access_of(user)
    return {pk for one in permissions for pk in access.alliances_with(one)}


def alliances_reached(user: Any) -> Q:
    """A condition on `alliance`: those the user looks after, and those of their own houses."""
    joined = Membership.objects.in_force(timezone.localdate()).filter(
        institution__in=houses_with(user, LOOKERS)
    )
    return Q(alliance__in=alliances_with(user, LOOKERS)) | Q(alliance__in=joined.values("alliance"))


class CourseQuerySet(models.QuerySet[Any]):
    """Courses."""

    def visible_to(self, user: Any) -> Self:
        """What the alliances of one's houses publish, and the drafts one keeps."""
        kept = Q(alliance__in=alliances_with(user, {Permission.PROGRAMME_MANAGE})) | Q(
            institution__in=houses_with(user, KEEPERS)
        )
        return self.filter(alliances_reached(user), Q(is_published=True) | kept)

    def for_list(self) -> Self:
        """With what a row shows."""
        return self.select_related("institution", "technique")


class PartQuerySet(models.QuerySet[Any]):
    """Parts of courses."""

    def visible_to(self, user: Any) -> Self:
        """Those of the courses one sees."""
        return self.filter(course__in=self.courses().visible_to(user))

    def courses(self) -> CourseQuerySet:
        """All courses, as the table they are in."""
        found: CourseQuerySet = self.model.course.field.related_model.objects.all()
        return found


class ProgressQuerySet(models.QuerySet[Any]):
    """How far people are in parts."""

    def visible_to(self, user: Any) -> Self:
        """One's own."""
        return self.filter(practitioner__user=user.pk)


class SessionQuerySet(models.QuerySet[Any]):
    """Sessions of courses."""

    def visible_to(self, user: Any) -> Self:
        """Those of published courses within reach, and those of courses one keeps."""
        kept = Q(alliance__in=alliances_with(user, {Permission.PROGRAMME_MANAGE})) | Q(
            course__institution__in=houses_with(user, KEEPERS)
        )
        return self.filter(alliances_reached(user), Q(course__is_published=True) | kept)

    def running(self) -> Self:
        """Those that were not called off."""
        return self.filter(cancelled_at=None)

    def ending_after(self, moment: datetime) -> Self:
        """Those that are not over at a moment."""
        return self.filter(ends_at__gt=moment)

    def for_list(self) -> Self:
        """With what a row shows."""
        return self.select_related("course", "institution", "teacher")


class SeatQuerySet(models.QuerySet[Any]):
    """Seats at sessions."""

    def visible_to(self, user: Any) -> Self:
        """One's own, those of one's staff, and those of sessions one keeps."""
        own = Q(practitioner__user=user.pk)
        seen = {Permission.TRAINING_VIEW}
        staff = Q(practitioner__institution__in=houses_with(user, seen))
        kept = Q(session__course__institution__in=houses_with(user, KEEPERS))
        overseen = Q(session__alliance__in=alliances_with(user, seen))
        return self.filter(own | staff | kept | overseen)

    def queue(self) -> Self:
        """The waiting list, who asked first in front."""
        return self.filter(status=SeatStatus.WAITING).order_by("asked_at", "pk")

    def for_list(self) -> Self:
        """With what a row shows."""
        return self.select_related("practitioner__institution", "session__course")


class HoursQuerySet(models.QuerySet[Any]):
    """Hours of education."""

    def visible_to(self, user: Any) -> Self:
        """One's own, those of one's house, and those of the alliance one looks after.

        An entry names the alliance that its house joined first. Of a house in several, each sees
        all hours, as each asks by its checks for all of them.
        """
        seen = {Permission.TRAINING_VIEW}
        overseen = alliances_with(user, seen)
        members = Membership.objects.in_force(timezone.localdate()).filter(alliance__in=overseen)
        return self.filter(
            Q(practitioner__user=user.pk)
            | Q(institution__in=houses_with(user, seen))
            | Q(alliance__in=overseen)
            | Q(institution__in=members.values("institution"))
        )

    def counting(self) -> Self:
        """Those that count."""
        return self.filter(status=EntryStatus.CONFIRMED)

    def between(self, since: date, until: date) -> Self:
        """Those of `since` and later, before `until`."""
        return self.filter(on__gte=since, on__lt=until)

    def completions(self) -> Self:
        """Those that say that a course was completed."""
        return self.counting().filter(
            kind__in=(HoursKind.COURSE, HoursKind.SESSION), course__isnull=False
        )

    def for_list(self) -> Self:
        """With what a row shows."""
        return self.select_related("practitioner", "institution", "course", "decided_by")


class ContestQuerySet(models.QuerySet[Any]):
    """Contests."""

    def visible_to(self, user: Any) -> Self:
        """Those of the alliances within reach."""
        return self.filter(alliances_reached(user))

    def standing(self) -> Self:
        """Those that were not called off."""
        return self.filter(cancelled_at=None)


class ContestResultQuerySet(models.QuerySet[Any]):
    """Results of contests."""

    def visible_to(self, user: Any) -> Self:
        """Those of the contests one sees: a contest is public in its alliance."""
        contests = self.model.contest.field.related_model.objects.visible_to(user)
        return self.filter(contest__in=contests)


class PostQuerySet(InForceQuerySet):
    """Key doctors and simulation centres of institutions."""

    def visible_to(self, user: Any) -> Self:
        """Whoever has to do with training sees them, within the alliances in reach."""
        today = timezone.localdate()
        houses = houses_with(user, LOOKERS)
        joined = Membership.objects.in_force(today).filter(institution__in=houses)
        alliances = Q(alliance__in=alliances_with(user, LOOKERS)) | Q(
            alliance__in=joined.values("alliance")
        )
        members = Membership.objects.in_force(today).filter(alliances)
        return self.filter(
            Q(institution__in=members.values("institution")) | Q(institution__in=houses)
        )
