"""Rules about sets of institutions."""

from datetime import date
from typing import Any

from django.db import models
from django.db.models import Q

from alliance.core.access import access_of
from alliance.core.choices import Permission


class InForceQuerySet(models.QuerySet[Any]):
    """Rows with a half-open period [valid_from, valid_until)."""

    def in_force(self, on: date) -> "InForceQuerySet":
        """Rows whose period holds `on`."""
        return self.filter(Q(valid_until=None) | Q(valid_until__gt=on), valid_from__lte=on)


class ReferenceQuerySet(models.QuerySet[Any]):
    """Reference data of the alliance: whoever may look things up sees all of it."""

    def visible_to(self, user: Any) -> "ReferenceQuerySet":
        """All rows for people with the look-up permission anywhere, none for others."""
        if Permission.REFERENCE_VIEW in access_of(user).everywhere():
            return self
        return self.none()


class MatrixQuerySet(ReferenceQuerySet):
    """Relations of the matrix."""

    def allowed(self) -> "MatrixQuerySet":
        """Relations that are open."""
        return self.filter(is_allowed=True)
