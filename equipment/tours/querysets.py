"""Rules about sets of tours, stops and places."""

from collections.abc import Collection
from datetime import datetime
from typing import Any, Self

from django.db import models
from django.db.models import Count, F, Min, Q
from django.utils import timezone

from alliance.core.access import access_of
from alliance.core.choices import Permission
from alliance.institutions.models import Membership

from .choices import Act, PlaceStatus, Status


def _within_reach(user: Any, tour: str) -> Q:
    """Tours of the alliances of one's houses and of those one oversees; plans, of who plans them."""
    access = access_of(user)
    houses = access.institutions_with(Permission.EQUIPMENT_VIEW)
    overseen = access.alliances_with(Permission.EQUIPMENT_OVERSEE)
    joined = Membership.objects.in_force(timezone.localdate()).filter(institution__in=houses)
    theirs = Q(**{f"{tour}alliance__in": joined.values("alliance")})
    shown = ~Q(**{f"{tour}status": Status.PLANNED})
    planned = Q(**{f"{tour}owner__in": access.institutions_with(Permission.EQUIPMENT_KEEP)})
    return Q(**{f"{tour}alliance__in": overseen}) | planned | (theirs & shown)


class TourQuerySet(models.QuerySet[Any]):
    """Tours."""

    def visible_to(self, user: Any) -> Self:
        """What is announced in the alliances of one's houses; plans of who plans and oversees."""
        return self.filter(_within_reach(user, ""))

    def ending_after(self, at: datetime) -> Self:
        """Those that are not back at a moment."""
        return self.filter(ends_at__gt=at)

    def for_list(self) -> Self:
        """With what a row shows: how many stops, and the first."""
        return self.select_related("owner", "vehicle__type", "alliance").annotate(
            stop_count=Count("stops", filter=Q(stops__cancelled_at=None)),
            first_stop_at=Min("stops__starts_at", filter=Q(stops__cancelled_at=None)),
        )


class TourDeviceQuerySet(models.QuerySet[Any]):
    """Vehicles and devices on tours."""

    def visible_to(self, user: Any) -> Self:
        """Those of tours one sees."""
        return self.filter(_within_reach(user, "tour__"))

    def on_tour_after(self, at: datetime) -> Self:
        """Those that a tour holds at a moment or later."""
        return self.filter(is_live=True, ends_at__gt=at)

    def holding(self, device_ids: Collection[int], since: datetime, until: datetime) -> Self:
        """Those of these devices that a tour holds at a moment of [since, until)."""
        return self.filter(
            device__in=device_ids, is_live=True, starts_at__lt=until, ends_at__gt=since
        )


class StopQuerySet(models.QuerySet[Any]):
    """Stops of tours."""

    def visible_to(self, user: Any) -> Self:
        """Those of tours one sees."""
        return self.filter(_within_reach(user, "tour__"))

    def standing(self) -> Self:
        """Those that were not called off."""
        return self.filter(cancelled_at=None)

    def bookable_by(self, user: Any, at: datetime) -> Self:
        """Announced stops to come at the institutions for which one books."""
        houses = access_of(user).institutions_with(Permission.EQUIPMENT_BOOK)
        rows = self.standing().filter(institution__in=houses, starts_at__gt=at)
        return rows.filter(tour__status=Status.ANNOUNCED)

    def for_list(self) -> Self:
        """With what a row shows."""
        return self.select_related("tour__owner", "tour__vehicle__type", "institution")


class PlaceQuerySet(models.QuerySet[Any]):
    """Places at stops."""

    def visible_to(self, user: Any) -> Self:
        """Those at stops of one's houses, on tours of one's house's vehicles, and overseen ones.

        Fellow members see how many places are left, never for whom the others are.
        """
        access = access_of(user)
        return self.filter(
            Q(stop__institution__in=access.institutions_with(Permission.EQUIPMENT_BOOK))
            | Q(stop__tour__owner__in=access.institutions_with(Permission.EQUIPMENT_KEEP))
            | Q(stop__tour__alliance__in=access.alliances_with(Permission.EQUIPMENT_STANDARD))
        )

    def booked(self) -> Self:
        """Those that are taken."""
        return self.filter(status=PlaceStatus.BOOKED)

    def lost(self) -> Self:
        """Those that fell away with their stop or tour: the people who came to be told."""
        of_stop = Q(stop__tour__events__stop=None) | Q(stop__tour__events__stop=F("stop"))
        return self.filter(
            of_stop,
            status=PlaceStatus.CANCELLED,
            stop__tour__events__act__in=(Act.CANCEL, Act.STOP_CANCEL),
            stop__tour__events__at=F("cancelled_at"),
        ).distinct()

    def for_list(self) -> Self:
        """With what a row shows."""
        return self.select_related(
            "stop__institution", "stop__tour__owner", "stop__tour__vehicle", "doctor", "booked_by"
        )


class EventQuerySet(models.QuerySet[Any]):
    """What happened to tours."""

    def visible_to(self, user: Any) -> Self:
        """Those of tours one sees."""
        return self.filter(_within_reach(user, "tour__"))

    def for_list(self) -> Self:
        """With what a line of the history shows."""
        return self.select_related("by", "stop__institution")
