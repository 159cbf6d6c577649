"""What tours, stops and places can be filtered by, on pages, in the API and in files."""

from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.core.filters import (
    BooleanFilter,
    PublicIdFilter,
    SearchFilter,
    day_begins,
    day_ends,
)

from .choices import PlaceStatus, Status
from .models import Place, Stop, Tour


class TourFilter(django_filters.FilterSet):
    """Tours by words and state; those to come, or those that are over."""

    search = SearchFilter("name__icontains", "owner__name__icontains", "vehicle__name__icontains")
    status = django_filters.ChoiceFilter(choices=Status.choices, label=_("Status"))
    over = BooleanFilter(method="by_over", label=_("Over"))

    class Meta:
        model = Tour
        fields: list[str] = []

    def by_over(self, rows: QuerySet[Tour], name: str, value: bool) -> QuerySet[Tour]:
        """Those whose vehicle is back, or those where it is not."""
        now = timezone.now()
        return rows.filter(ends_at__lte=now) if value else rows.filter(ends_at__gt=now)


class StopFilter(django_filters.FilterSet):
    """Stops by tour, institution and day."""

    tour = PublicIdFilter("tour", label=_("Tour"))
    institution = PublicIdFilter("institution", label=_("Institution"))
    since = django_filters.DateFilter(method="by_since", label=_("From"))
    until = django_filters.DateFilter(method="by_until", label=_("Up to"))

    class Meta:
        model = Stop
        fields: list[str] = []

    def by_since(self, rows: QuerySet[Stop], name: str, value: Any) -> QuerySet[Stop]:
        """Those that begin on a day or later."""
        return rows.filter(starts_at__gte=day_begins(value))

    def by_until(self, rows: QuerySet[Stop], name: str, value: Any) -> QuerySet[Stop]:
        """Those that begin on a day or earlier."""
        return rows.filter(starts_at__lt=day_ends(value))


class SheetFilter(django_filters.FilterSet):
    """Which stops of a tour are printed: those of a day, or one."""

    on = django_filters.DateFilter(
        method="by_day", label=_("Day"), widget=forms.DateInput(attrs={"type": "date"})
    )
    stop = django_filters.UUIDFilter("public_id", label=_("Stop"))

    class Meta:
        model = Stop
        fields: list[str] = []

    def by_day(self, rows: QuerySet[Stop], name: str, value: Any) -> QuerySet[Stop]:
        """Those that begin on a day."""
        return rows.filter(starts_at__gte=day_begins(value), starts_at__lt=day_ends(value))


class PlaceFilter(django_filters.FilterSet):
    """Places by stop and state."""

    stop = PublicIdFilter("stop", label=_("Stop"))
    status = django_filters.ChoiceFilter(choices=PlaceStatus.choices, label=_("Status"))

    class Meta:
        model = Place
        fields: list[str] = []
