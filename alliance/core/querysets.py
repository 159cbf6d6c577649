"""Rules about sets of core rows."""

from collections.abc import Iterable
from typing import Any

from django.db import models
from django.db.models import F, Q

from .access import access_of
from .choices import Permission


class PolicySettingQuerySet(models.QuerySet[Any]):
    """Policy rows."""

    def filter_alliance(
        self, alliance_id: int | None, institution_id: int | None = None
    ) -> "PolicySettingQuerySet":
        """Rows that count for an alliance (and one of its houses); later ones win in a dict."""
        return self.filter(
            Q(alliance_id=alliance_id) | Q(alliance_id=None),
            Q(institution_id=institution_id) | Q(institution_id=None),
        ).order_by(
            F("institution_id").asc(nulls_first=True),
            F("alliance_id").asc(nulls_first=True),
            "effective_from",
            "id",
        )

    def filter_alliances(self, alliance_ids: Iterable[int]) -> "PolicySettingQuerySet":
        """Rows of all alliances, and those that some decided for themselves; later ones win."""
        return self.filter(
            Q(alliance_id__in=alliance_ids) | Q(alliance_id=None), institution_id=None
        ).order_by("effective_from", "id")


class AuditEntryQuerySet(models.QuerySet[Any]):
    """Ledger lines."""

    def visible_to(self, user: Any) -> "AuditEntryQuerySet":
        """Auditors see the ledger; nobody else does."""
        return self if Permission.LEDGER_VIEW in access_of(user).system else self.none()


class ImportJobQuerySet(models.QuerySet[Any]):
    """Imports."""

    def visible_to(self, user: Any) -> "ImportJobQuerySet":
        """People see their own imports."""
        return self.filter(created_by=user)


class SavedViewQuerySet(models.QuerySet[Any]):
    """Saved list filters."""

    def visible_to(self, user: Any) -> "SavedViewQuerySet":
        """People see their own saved views."""
        return self.filter(user=user)
