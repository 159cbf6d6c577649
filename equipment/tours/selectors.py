"""What others may ask of tours: which devices are away when, which stops are to come."""

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any

from django.db.models import Case, F, IntegerField, QuerySet, Value, When
from django.utils.translation import gettext as _

from alliance.core.templatetags.times import when
from equipment.bookings import holds

from .choices import Status
from .models import Stop, TourDevice


@holds.source
def on_tour(device_ids: Collection[int], since: datetime, until: datetime) -> Iterator[holds.Hold]:
    """The devices that are on tour at a moment of [since, until); one query."""
    rows = TourDevice.objects.holding(device_ids, since, until).select_related("tour")
    for row in rows.order_by("starts_at"):
        values = {"tour": row.tour.name, "until": when(row.ends_at)}
        words = _("It is on the tour “%(tour)s” until %(until)s.") % values
        yield holds.Hold(row.device_id, row.starts_at, row.ends_at, words)


def coming_stops(user: Any, at: datetime) -> QuerySet[Stop]:
    """Announced stops to come at which the user may book places, the next first."""
    rows: Any = Stop.objects.visible_to(user).bookable_by(user, at).for_list()
    found: QuerySet[Stop] = rows.order_by("starts_at", "pk")
    return found


def instead_of(stop: Stop, at: datetime, *, limit: int = 2) -> list[Stop]:
    """Announced stops to come with a free place that may do instead: one's own house first.

    Their tours carry a device of a type that was on board; one query.
    """
    types = stop.tour.lines.exclude(device=stop.vehicle_id).values("device__type")
    alike = TourDevice.objects.filter(device__type__in=types, is_live=True).values("tour")
    rows: Any = Stop.objects.standing().filter(
        tour__in=alike,
        tour__alliance=stop.tour.alliance_id,
        tour__status=Status.ANNOUNCED,
        starts_at__gt=at,
        taken__lt=F("capacity"),
    )
    own = Case(
        When(institution=stop.institution_id, then=Value(0)),
        default=Value(1),
        output_field=IntegerField(),
    )
    return list(rows.exclude(pk=stop.pk).for_list().order_by(own, "starts_at", "pk")[:limit])
