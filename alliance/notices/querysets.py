"""Rules about sets of notices."""

from typing import Any

from django.db import models


class NoticeQuerySet(models.QuerySet[Any]):
    """Notices."""

    def visible_to(self, user: Any) -> "NoticeQuerySet":
        """People see their own notices."""
        return self.filter(user=user)

    def unread(self) -> "NoticeQuerySet":
        """Not yet opened."""
        return self.filter(read_at=None)
