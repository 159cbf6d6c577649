"""Rules about sets of admissions."""

from datetime import date
from typing import Any, Self

from django.db import models
from django.db.models import FilteredRelation, Q

from alliance.core.access import access_of
from alliance.core.choices import Permission

from .choices import GRANTED, OPEN, Status


class AdmissionQuerySet(models.QuerySet[Any]):
    """Which institution may use which technique, and who asked for it."""

    def visible_to(self, user: Any) -> Self:
        """An institution's own for those who apply there; what was granted for its staff; all but
        drafts for those who oversee the alliance.
        """
        access = access_of(user)
        granted = Q(status__in=GRANTED, valid_from__isnull=False)
        return self.filter(
            Q(institution__in=access.institutions_with(Permission.ADMISSION_APPLY))
            | Q(institution__in=access.institutions_with(Permission.PRIVILEGE_VIEW)) & granted
            | Q(alliance__in=access.alliances_with(Permission.TRAINING_VIEW))
            & ~Q(status=Status.DRAFT)
        )

    def open(self) -> Self:
        """Applications that somebody still works on."""
        return self.filter(status__in=OPEN)

    def granted_on(self, on: date) -> Self:
        """Those whose period holds a date, suspended or not."""
        return self.filter(
            Q(valid_until=None) | Q(valid_until__gt=on), status__in=GRANTED, valid_from__lte=on
        )

    def in_force(self, on: date) -> Self:
        """Those that count on a date: granted, in their period, not suspended that day."""
        holds = Q(suspensions__valid_until=None) | Q(suspensions__valid_until__gt=on)
        stop = FilteredRelation("suspensions", condition=holds & Q(suspensions__valid_from__lte=on))
        return self.granted_on(on).alias(stop=stop).filter(stop=None)

    def for_list(self) -> Self:
        """With what a row shows."""
        return self.select_related("institution", "technique")
