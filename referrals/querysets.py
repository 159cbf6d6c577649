"""Rules about sets of referrals."""

from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Q

from alliance.core.access import access_of
from alliance.core.choices import Permission

from .choices import Status

_ROW = (
    "patient",
    "sender",
    "receiver",
    "holder",
    "diagnosis",
    "technique",
    "receiver_department",
    "specialty",
    "parent",
)


class ReferralQuerySet(models.QuerySet[Any]):
    """Legs."""

    def visible_to(self, user: Any) -> "ReferralQuerySet":
        """Legs sent by or addressed to one's institutions, or of an alliance one oversees.

        The receiver sees nothing of what has not left the sender's house.
        """
        access = access_of(user)
        mine = access.institutions_with(Permission.REFERRAL_VIEW)
        overseen = access.alliances_with(Permission.REFERRAL_OVERSEE)
        return self.filter(
            Q(sender__in=mine)
            | Q(receiver__in=mine, sent_at__isnull=False)
            | Q(alliance__in=overseen) & ~Q(status=Status.DRAFT)
        )

    def branches_for(
        self, user: Any, institution_id: int | None = None
    ) -> list["ReferralQuerySet"]:
        """The same rows as `visible_to`, as index ranges that can each be read in order.

        `institution_id` narrows to one of the user's institutions (the one being acted for).
        """
        access = access_of(user)
        mine = access.institutions_with(Permission.REFERRAL_VIEW)
        if institution_id is not None:
            mine = [pk for pk in mine if pk == institution_id]
        branches = []
        for pk in mine:
            branches.append(self.filter(sender_id=pk))
            branches.append(self.filter(receiver_id=pk, sent_at__isnull=False))
        overseen = access.alliances_with(Permission.REFERRAL_OVERSEE)
        branches += [self.filter(alliance_id=pk).exclude(status=Status.DRAFT) for pk in overseen]
        return branches

    def for_list(self) -> "ReferralQuerySet":
        """With everything a row shows, so that fifty rows cost as many queries as one."""
        return self.select_related(*_ROW).defer("form_data")

    def overdue(self, at: datetime) -> "ReferralQuerySet":
        """Legs whose clock has run out by `at`."""
        return self.filter(due_at__lte=at)


class ReferralEventQuerySet(models.QuerySet[Any]):
    """Steps of legs."""

    def told(self) -> "ReferralEventQuerySet":
        """With what the timeline shows, oldest first."""
        return self.select_related("by", "institution", "holder").order_by("version")


class AttachmentQuerySet(models.QuerySet[Any]):
    """Attachments."""

    def visible_to(self, user: Any) -> "AttachmentQuerySet":
        """Attachments of legs one may see as a party (overseers see no documents)."""
        mine = access_of(user).institutions_with(Permission.PATIENT_VIEW)
        return self.filter(
            Q(referral__sender__in=mine)
            | Q(referral__receiver__in=mine, referral__sent_at__isnull=False),
            removed_at=None,
        )
