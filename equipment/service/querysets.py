"""Rules about sets of outages, plans and records."""

from datetime import date, datetime, timedelta
from typing import Any, Self

from django.db import models
from django.db.models import F, Q

from alliance.core.access import access_of
from alliance.core.choices import Permission
from alliance.institutions.models import Membership

from .choices import GOOD_RESULTS


def of_houses(user: Any, house: str) -> Q:
    """Rows of institutions where one looks after or uses devices, and of alliances one oversees."""
    access = access_of(user)
    houses = access.institutions_with(Permission.EQUIPMENT_VIEW)
    overseen = access.alliances_with(Permission.EQUIPMENT_OVERSEE)
    below = Membership.objects.filter(alliance__in=overseen).values("institution")
    return Q(**{f"{house}__in": houses}) | Q(**{f"{house}__in": below})


class OutageQuerySet(models.QuerySet[Any]):
    """Times in which a device is down."""

    def visible_to(self, user: Any) -> Self:
        """Those of devices of one's own institutions and of alliances one oversees."""
        return self.filter(of_houses(user, "device__owner"))

    def touching(self, since: datetime, until: datetime) -> Self:
        """Those that take any of the time from `since` to `until` (half-open)."""
        ended = Q(ends_at__isnull=False) & (Q(ends_at__lte=since) | Q(ends_at__lte=F("starts_at")))
        return self.filter(~ended, starts_at__lt=until)


class PlanQuerySet(models.QuerySet[Any]):
    """Plans of checks and maintenance."""

    def visible_to(self, user: Any) -> Self:
        """Those of devices of one's own institutions and of alliances one oversees."""
        return self.filter(of_houses(user, "device__owner"))

    def current(self) -> Self:
        """Those that go on, of devices still on the register."""
        return self.filter(ended_at=None, device__retired_on=None)

    def overdue(self, on: date) -> Self:
        """Those whose check was due before a day."""
        return self.filter(ended_at=None, due_on__lt=on)

    def stopping(self, last_day: date) -> Self:
        """Those that keep a device from being used on a day, since their check is overdue."""
        return self.overdue(last_day).filter(stops_use=True)

    def for_list(self) -> Self:
        """With what a row shows."""
        return self.select_related("device__type", "device__owner")


class RecordQuerySet(models.QuerySet[Any]):
    """Checks and maintenance that were done."""

    def visible_to(self, user: Any) -> Self:
        """Those of devices of one's own institutions and of alliances one oversees."""
        return self.filter(of_houses(user, "device__owner"))

    def standing(self) -> Self:
        """Those that were not taken back."""
        return self.filter(voided_at=None)

    def passed(self) -> Self:
        """Those after which the device could be used."""
        return self.standing().filter(result__in=GOOD_RESULTS)

    def late(self, first_day: date, last_day: date) -> Self:
        """Those that came late, so that the device was stopped on a day from the first to the last.

        Due on the 3rd and done on the 6th, the 4th and the 5th were lost.
        """
        return self.standing().filter(
            Q(done_on__gt=F("due_on") + timedelta(days=1)),
            plan__stops_use=True,
            due_on__lt=last_day,
            done_on__gt=first_day,
        )

    def for_list(self) -> Self:
        """With what a row shows."""
        return self.select_related("plan", "device__type", "device__owner", "recorded_by")
