"""Rules about sets of outages, plans, records, work orders, recalls and adverse events."""

from datetime import date, datetime, timedelta
from typing import Any, Self

from django.db import models
from django.db.models import F, FilteredRelation, Q, QuerySet, Subquery, Value
from django.db.models.functions import Greatest
from django.utils import timezone

from alliance.core.access import access_of
from alliance.core.choices import Permission
from alliance.institutions.models import Membership

from .choices import GOOD_RESULTS


def _current() -> QuerySet[Membership]:
    """Memberships that count today: who left an alliance shows it nothing any more."""
    return Membership.objects.in_force(timezone.localdate())


def of_houses(user: Any, house: str) -> Q:
    """Rows of institutions where one looks after or uses devices, and of alliances one oversees."""
    access = access_of(user)
    houses = access.institutions_with(Permission.EQUIPMENT_VIEW)
    overseen = access.alliances_with(Permission.EQUIPMENT_OVERSEE)
    below = _current().filter(alliance__in=overseen).values("institution")
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

    def to_end(self, at: datetime) -> Self:
        """Those that are not over at a moment; one that was called off has become empty."""
        return self.filter(Q(ends_at=None) | Q(ends_at__gt=Greatest(Value(at), "starts_at")))

    def for_list(self) -> Self:
        """With what a row shows."""
        return self.select_related("device__type", "device__owner", "order", "recall")


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

    def due(self, on: date, until: date) -> Self:
        """Those whose check falls due from one day to another, the last included."""
        return self.filter(ended_at=None, due_on__gte=on, due_on__lte=until)

    def stopping(self, last_day: date) -> Self:
        """Those that keep a device from being used on a day, since their check is overdue."""
        return self.overdue(last_day).filter(stops_use=True)

    def for_list(self) -> Self:
        """With what a row shows."""
        return self.select_related("device__type", "device__owner")

    def search(self, text: str) -> Self:
        """Plans whose name or device holds `text`."""
        return self.filter(
            Q(name__icontains=text)
            | Q(device__name__icontains=text)
            | Q(device__asset_number__icontains=text)
            | Q(device__serial_number__icontains=text)
        )


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


class OrderQuerySet(models.QuerySet[Any]):
    """Work orders."""

    def visible_to(self, user: Any) -> Self:
        """Those of one's own institutions and alliances one oversees, and what one reported."""
        mine = Q(reported_by=getattr(user, "pk", None))
        return self.filter(of_houses(user, "institution") | mine)

    def open(self) -> Self:
        """Those that somebody still works on."""
        return self.filter(closed_at=None)

    def for_list(self) -> Self:
        """With what a row shows."""
        return self.select_related("device__type", "institution", "reported_by", "assigned_to")

    def search(self, text: str) -> Self:
        """Orders whose number, device or words hold `text`."""
        return self.filter(
            Q(number__icontains=text)
            | Q(description__icontains=text)
            | Q(device__name__icontains=text)
            | Q(device__asset_number__icontains=text)
        )


class OrderEventQuerySet(models.QuerySet[Any]):
    """What happened to work orders."""

    def visible_to(self, user: Any) -> Self:
        """That of orders one sees."""
        mine = Q(order__reported_by=getattr(user, "pk", None))
        return self.filter(of_houses(user, "order__institution") | mine)


class RecallQuerySet(models.QuerySet[Any]):
    """Recalls."""

    def visible_to(self, user: Any) -> Self:
        """Those for one's institutions, for their alliances, and for alliances one oversees."""
        access = access_of(user)
        houses = access.institutions_with(Permission.EQUIPMENT_VIEW)
        joined = _current().filter(institution__in=houses).values("alliance")
        overseen = access.alliances_with(Permission.EQUIPMENT_OVERSEE)
        return self.filter(
            Q(alliance__in=overseen)
            | Q(institution__in=houses)
            | Q(institution=None, alliance__in=joined)
        )

    def open(self) -> Self:
        """Those that are not closed."""
        return self.filter(closed_at=None)

    def by_device(self, recalled: models.QuerySet[Any]) -> Self:
        """A row for each recall and device of `recalled`, as `found`; one where there is none.

        The recalls are these, and whatever else concerned one of those devices.
        """
        held = Q(devices__in=Subquery(recalled.values("pk")))
        meant = Q(pk__in=self.values("pk")) | Q(pk__in=recalled.values("recall"))
        rows: Self = self.model._default_manager.filter(meant)
        found = FilteredRelation("devices", condition=held)
        return rows.annotate(found=found).order_by("-pk", "found")


class RecalledQuerySet(models.QuerySet[Any]):
    """Devices under recall."""

    def visible_to(self, user: Any) -> Self:
        """Those of one's own institutions and of alliances one oversees."""
        return self.filter(of_houses(user, "device__owner"))

    def waiting(self) -> Self:
        """Those not dealt with, still on the register."""
        return self.filter(handled_at=None, recall__closed_at=None, device__retired_on=None)

    def for_list(self) -> Self:
        """With what a row shows."""
        return self.select_related("recall", "device__type", "device__owner", "handled_by")


class AdverseQuerySet(models.QuerySet[Any]):
    """Adverse events with devices: seen by those who answer for them, and who entered them."""

    def visible_to(self, user: Any) -> Self:
        """Those of institutions whose devices one keeps, of alliances one oversees, and one's own."""
        access = access_of(user)
        return self.filter(
            Q(institution__in=access.institutions_with(Permission.EQUIPMENT_KEEP))
            | Q(alliance__in=access.alliances_with(Permission.EQUIPMENT_OVERSEE))
            | Q(entered_by=getattr(user, "pk", None))
        )

    def unreported(self) -> Self:
        """Those whose report is still owed."""
        return self.filter(reported_at=None)

    def for_list(self) -> Self:
        """With what a row shows."""
        return self.select_related("device__type", "institution")


class ServiceFileQuerySet(models.QuerySet[Any]):
    """Photographs of faults and papers of calibrations."""

    def visible_to(self, user: Any) -> Self:
        """Those of orders and records that one sees."""
        mine = Q(order__reported_by=getattr(user, "pk", None))
        return self.filter(
            of_houses(user, "order__institution") | of_houses(user, "record__device__owner") | mine
        )
