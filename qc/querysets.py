"""Rules about sets of runs and findings."""

from datetime import date
from typing import Any

from django.db import models
from django.db.models import Q

from alliance.core.access import access_of
from alliance.core.choices import Permission

from .choices import EQUIPMENT_ROOMS, RunState, Standing

_ABOUT_EQUIPMENT = Q(
    *(("check_code__startswith", room) for room in EQUIPMENT_ROOMS), _connector=Q.OR
)


class CheckRunQuerySet(models.QuerySet[Any]):
    """Runs of checks."""

    def visible_to(self, user: Any) -> "CheckRunQuerySet":
        """Those of the alliances whose checks one may run."""
        return self.filter(alliance__in=access_of(user).alliances_with(Permission.CHECK_RUN))

    def waiting(self) -> "CheckRunQuerySet":
        """Those that nobody has finished."""
        return self.filter(state=RunState.WAITING)

    def for_list(self) -> "CheckRunQuerySet":
        """With what a row shows."""
        return self.select_related("asked_by")


class FindingQuerySet(models.QuerySet[Any]):
    """What checks found."""

    def visible_to(self, user: Any) -> "FindingQuerySet":
        """Those of one's institutions, or of the alliances one oversees.

        Who keeps the devices of an institution sees what was found about them there.
        """
        access = access_of(user)
        houses = access.institutions_with(Permission.FINDING_VIEW)
        seen = Q(institution__in=houses)
        seen |= Q(alliance__in=access.alliances_with(Permission.FINDING_VIEW))
        if kept := set(access.institutions_with(Permission.EQUIPMENT_KEEP)) - set(houses):
            seen |= Q(institution__in=kept) & _ABOUT_EQUIPMENT
        return self.filter(seen)

    def about_equipment(self) -> "FindingQuerySet":
        """What keepers of devices mend: calibration, life, recalls, idle and missing devices."""
        return self.filter(_ABOUT_EQUIPMENT)

    def wrong_on(self, on: date) -> "FindingQuerySet":
        """Those whose period holds `on`, waived or not."""
        return self.filter(Q(cleared_on=None) | Q(cleared_on__gt=on), opened_on__lte=on)

    def standing(self, standing: str, on: date) -> "FindingQuerySet":
        """Those that stand so on a date (see `rules.standing`)."""
        if standing == Standing.CLEARED:
            return self.filter(cleared_on__lte=on)
        waived = Q(waived_until__gt=on)
        return self.wrong_on(on).filter(waived if standing == Standing.WAIVED else ~waived)

    def for_list(self) -> "FindingQuerySet":
        """With what a row shows."""
        return self.select_related("institution", "owner")
