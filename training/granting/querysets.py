"""Rules about sets of applications, committees and votes."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef, Q

from alliance.core.access import access_of
from alliance.core.choices import Permission
from alliance.institutions.querysets import InForceQuerySet

from .choices import Status
from .workflow import OPEN

# Who sees what comes before the committee of an alliance.
COMMITTEE = (Permission.PRIVILEGE_DECIDE, Permission.PRIVILEGE_MANAGE)


def _committees_of(user: Any) -> set[int]:
    """Ids of the alliances whose committee's work the user sees."""
    access = access_of(user)
    return {pk for permission in COMMITTEE for pk in access.alliances_with(permission)}


class ApplicationQuerySet(models.QuerySet[Any]):
    """Applications for a privilege."""

    def visible_to(self, user: Any) -> ApplicationQuerySet:
        """One's own, those at the houses whose training one follows, those of one's committee."""
        access = access_of(user)
        return self.filter(
            Q(practitioner__user=user.pk)
            | Q(institution__in=access.institutions_with(Permission.TRAINING_VIEW))
            | Q(alliance__in=_committees_of(user))
        )

    def open(self) -> ApplicationQuerySet:
        """Those that nobody has decided yet."""
        return self.filter(status__in=sorted(OPEN))

    def own(self, user: Any) -> ApplicationQuerySet:
        """Those of the user's own practitioner."""
        return self.filter(practitioner__user=user.pk)

    def unvoted_by(self, user: Any, on: date) -> ApplicationQuerySet:
        """Those before the committee where the user sits on a day, may vote and has not voted."""
        committees = self.model._meta.get_field("committee").related_model
        seats = committees.members.rel.related_model.objects.in_force(on)
        votes = self.model.votes.rel.related_model
        excusals = self.model.excusals.rel.related_model
        mine = {"application": OuterRef("pk"), "member__user": user.pk}
        return self.filter(
            Exists(seats.filter(committee=OuterRef("committee"), user=user.pk)),
            ~Exists(votes.objects.filter(**mine)),
            ~Exists(excusals.objects.filter(**mine)),
            status=Status.IN_COMMITTEE,
        )

    def for_list(self) -> ApplicationQuerySet:
        """With what a row shows."""
        return self.select_related("practitioner", "technique", "institution", "meeting")


class CommitteeQuerySet(InForceQuerySet):
    """Committees."""

    def visible_to(self, user: Any) -> CommitteeQuerySet:
        """Those whose work one sees."""
        return self.filter(alliance__in=_committees_of(user))


class MemberQuerySet(InForceQuerySet):
    """Members of committees."""

    def visible_to(self, user: Any) -> MemberQuerySet:
        """Those of the committees whose work one sees."""
        return self.filter(committee__alliance__in=_committees_of(user))


class MeetingQuerySet(models.QuerySet[Any]):
    """Meetings of committees."""

    def visible_to(self, user: Any) -> MeetingQuerySet:
        """Those of the committees whose work one sees."""
        return self.filter(committee__alliance__in=_committees_of(user))

    def coming(self, on: date) -> MeetingQuerySet:
        """Those on a day or after it, the next first."""
        return self.filter(held_on__gte=on).order_by("held_on", "pk")


class OfApplicationQuerySet(models.QuerySet[Any]):
    """Votes, excusals, events and decisions: what hangs on an application."""

    def visible_to(self, user: Any) -> OfApplicationQuerySet:
        """Those of the committee whose work one sees: how somebody voted is nobody else's."""
        return self.filter(application__alliance__in=_committees_of(user))
