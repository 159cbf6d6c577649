"""What courses, sessions, hours and the three ones can be filtered by, on pages and in the API."""

from typing import Any

import django_filters
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.core.filters import (
    BooleanFilter,
    PublicIdFilter,
    SearchFilter,
    day_begins,
    day_ends,
)
from alliance.institutions.choices import Tier
from alliance.institutions.models import Institution

from .choices import EntryStatus, HoursKind, Mode, SeatStatus
from .models import Contest, Course, HoursEntry, Seat, Session


class CourseFilter(django_filters.FilterSet):
    """Courses by what they are about and how they are taken."""

    search = SearchFilter("title__icontains", "technique__name__icontains", "technique__code")
    mode = django_filters.ChoiceFilter(choices=Mode.choices, label=_("How it is taken"))
    is_thematic = BooleanFilter(label=_("Thematic training"))
    is_entry = BooleanFilter(label=_("Entry training"))
    technique = django_filters.CharFilter(
        field_name="technique__code", max_length=30, label=_("Technique (code)")
    )

    class Meta:
        model = Course
        fields: list[str] = []


class SessionFilter(django_filters.FilterSet):
    """Sessions by course and day; those to come, and mine."""

    search = SearchFilter("course__title__icontains", "place__icontains")
    mine = BooleanFilter(method="by_mine", label=_("My seats"))
    over = BooleanFilter(method="by_over", label=_("Over"))
    since = django_filters.DateFilter(method="by_since", label=_("From"))
    until = django_filters.DateFilter(method="by_until", label=_("Up to"))
    course = PublicIdFilter("course", label=_("Course"))
    institution = PublicIdFilter("institution", label=_("Institution"))

    class Meta:
        model = Session
        fields: list[str] = []

    def by_mine(self, rows: QuerySet[Session], name: str, value: bool) -> QuerySet[Session]:
        """Those at which the reader has, had or awaits a seat, or the others."""
        mine = Seat.objects.visible_to(self.request.user).filter(
            session=OuterRef("pk"),
            practitioner=getattr(self.request.user, "practitioner_id", None),
        )
        held = Exists(mine.exclude(status=SeatStatus.CANCELLED))
        return rows.filter(held) if value else rows.exclude(held)

    def by_over(self, rows: QuerySet[Session], name: str, value: bool) -> QuerySet[Session]:
        """Those that have ended, or those that have not."""
        now = timezone.now()
        return rows.filter(ends_at__lte=now) if value else rows.filter(ends_at__gt=now)

    def by_since(self, rows: QuerySet[Session], name: str, value: Any) -> QuerySet[Session]:
        """Those that begin on a day or later."""
        return rows.filter(starts_at__gte=day_begins(value))

    def by_until(self, rows: QuerySet[Session], name: str, value: Any) -> QuerySet[Session]:
        """Those that begin on a day or earlier."""
        return rows.filter(starts_at__lt=day_ends(value))


class HoursFilter(django_filters.FilterSet):
    """Hours by person, day, kind and whether they count."""

    search = SearchFilter("practitioner__name__icontains", "title__icontains", "ref")
    status = django_filters.ChoiceFilter(choices=EntryStatus.choices, label=_("Status"))
    kind = django_filters.ChoiceFilter(choices=HoursKind.choices, label=_("Kind"))
    is_thematic = BooleanFilter(label=_("Thematic training"))
    since = django_filters.DateFilter("on", lookup_expr="gte", label=_("From"))
    until = django_filters.DateFilter("on", lookup_expr="lte", label=_("Up to"))
    practitioner = PublicIdFilter("practitioner", label=_("Practitioner"))
    institution = PublicIdFilter("institution", label=_("Institution"))

    class Meta:
        model = HoursEntry
        fields: list[str] = []


class SeatFilter(django_filters.FilterSet):
    """Seats of one session, by how people stand to it."""

    session = PublicIdFilter("session", label=_("Session"))
    status = django_filters.ChoiceFilter(choices=SeatStatus.choices, label=_("Status"))

    class Meta:
        model = Seat
        fields: list[str] = []


class ContestFilter(django_filters.FilterSet):
    """Contests by name."""

    search = SearchFilter("name__icontains")

    class Meta:
        model = Contest
        fields: list[str] = []


class HouseFilter(django_filters.FilterSet):
    """Institutions by name and tier."""

    search = SearchFilter()
    tier = django_filters.ChoiceFilter(choices=Tier.choices, label=_("Tier"))

    class Meta:
        model = Institution
        fields: list[str] = []
