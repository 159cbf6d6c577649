"""Rules about sets of purchases."""

from typing import Any, Self

from django.db import models
from django.db.models import Q

from alliance.core.access import access_of
from alliance.core.choices import Permission

from .choices import Status


def _seen(user: Any, path: str) -> Q:
    """An institution's own for who applies or keeps its devices; for the alliance what came to it.

    What was taken back before it was handed in stays with the institution, like any draft.
    """
    access = access_of(user)
    houses = {
        *access.institutions_with(Permission.PURCHASE_APPLY),
        *access.institutions_with(Permission.EQUIPMENT_KEEP),
    }
    judging = {
        *access.alliances_with(Permission.PURCHASE_REVIEW),
        *access.alliances_with(Permission.PURCHASE_EVALUATE),
    }
    handed_in = Q(**{f"{path}submitted_at__isnull": False})
    return Q(**{f"{path}institution__in": houses}) | (
        Q(**{f"{path}alliance__in": judging}) & handed_in
    )


class PurchaseQuerySet(models.QuerySet[Any]):
    """Applications for devices."""

    def visible_to(self, user: Any) -> Self:
        """One's own institution's; those handed in for those who review or evaluate them."""
        return self.filter(_seen(user, ""))

    def for_list(self) -> Self:
        """With what a row shows."""
        return self.select_related("institution", "type")

    def waiting_for(self, user: Any) -> Self:
        """Those on which somebody on the user's side has to act next."""
        access = access_of(user)
        reviewing = access.alliances_with(Permission.PURCHASE_REVIEW)
        evaluating = access.alliances_with(Permission.PURCHASE_EVALUATE)
        applying = access.institutions_with(Permission.PURCHASE_APPLY)
        return self.filter(
            Q(alliance__in=reviewing, status__in=(Status.SUBMITTED, Status.EVALUATED))
            | Q(alliance__in=evaluating, status=Status.EVALUATION)
            | Q(
                institution__in=applying,
                status__in=(Status.DRAFT, Status.RETURNED, Status.APPROVED, Status.PARTLY),
            )
        )


class FileQuerySet(models.QuerySet[Any]):
    """Files of applications."""

    def visible_to(self, user: Any) -> Self:
        """Those of applications one sees."""
        return self.filter(_seen(user, "purchase__"), removed_at=None)


class PartQuerySet(models.QuerySet[Any]):
    """Events and deliveries of applications."""

    def visible_to(self, user: Any) -> Self:
        """Those of applications one sees."""
        return self.filter(_seen(user, "purchase__"))
