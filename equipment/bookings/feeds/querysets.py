"""Rules about sets of calendar feeds."""

from typing import Any, Self

from django.db import models


class FeedQuerySet(models.QuerySet[Any]):
    """Calendars that a phone reads at a secret address."""

    def visible_to(self, user: Any) -> Self:
        """One's own."""
        return self.filter(user=user.pk)

    def running(self) -> Self:
        """Those not revoked."""
        return self.filter(revoked_at=None)
