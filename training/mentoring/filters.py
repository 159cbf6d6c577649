"""What postings can be filtered by, on pages and in the API."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.core.filters import BooleanFilter, PublicIdFilter, SearchFilter
from alliance.core.forms import DateInput

from .choices import MentorshipStatus, Mode, PostingKind, PostingStatus
from .models import GuidanceSession, Mentorship, Posting

_PERSON = "practitioner"


class PostingFilter(django_filters.FilterSet):
    """Postings by kind, state, people and houses."""

    search = SearchFilter(f"{_PERSON}__name__icontains", f"{_PERSON}__pinyin__contains")
    kind = django_filters.ChoiceFilter(choices=PostingKind.choices, label=_("Kind"))
    status = django_filters.ChoiceFilter(choices=PostingStatus.choices, label=_("Status"))
    year = django_filters.NumberFilter(
        method="in_year", label=_("Year"), min_value=2000, max_value=2100, decimal_places=0
    )
    practitioner = PublicIdFilter(_PERSON, label=_("Practitioner"))
    sender = PublicIdFilter("from_institution", label=_("Sending institution"))
    receiver = PublicIdFilter("to_institution", label=_("Receiving institution"))

    class Meta:
        model = Posting
        fields: list[str] = []

    def in_year(self, rows: QuerySet[Posting], name: str, value: Any) -> QuerySet[Any]:
        """Those that share a day with a calendar year."""
        return rows.in_year(int(value))  # type: ignore[attr-defined]


class MentorshipFilter(django_filters.FilterSet):
    """Mentorships by state, people, technique, and whether they run today."""

    search = SearchFilter(
        "mentor__name__icontains",
        "mentee__name__icontains",
        "mentor__pinyin__contains",
        "mentee__pinyin__contains",
    )
    status = django_filters.ChoiceFilter(choices=MentorshipStatus.choices, label=_("Status"))
    running = BooleanFilter(method="runs_today", label=_("Runs today"))
    mentor = PublicIdFilter("mentor", label=_("Mentor"))
    mentee = PublicIdFilter("mentee", label=_("Mentee"))
    technique = django_filters.CharFilter(
        field_name="technique__code", max_length=30, label=_("Technique code")
    )
    mentor_institution = PublicIdFilter("mentor_institution", label=_("Mentor's institution"))
    mentee_institution = PublicIdFilter("mentee_institution", label=_("Mentee's institution"))

    class Meta:
        model = Mentorship
        fields: list[str] = []

    def runs_today(self, rows: QuerySet[Mentorship], name: str, value: bool) -> QuerySet[Any]:
        """Those in which somebody teaches today, or the others."""
        now: QuerySet[Any] = rows.running(timezone.localdate())  # type: ignore[attr-defined]
        return now if value else rows.exclude(pk__in=now.values("pk"))


class GuidanceFilter(django_filters.FilterSet):
    """Sessions by mode, mentor, place, technique and days."""

    search = SearchFilter("mentor__name__icontains", "mentor__pinyin__contains")
    mode = django_filters.ChoiceFilter(choices=Mode.choices, label=_("Mode"))
    mentor = PublicIdFilter("mentor", label=_("Mentor"))
    institution = PublicIdFilter("institution", label=_("Guided institution"))
    mentorship = PublicIdFilter("mentorship", label=_("Mentorship"))
    technique = django_filters.CharFilter(
        field_name="technique__code", max_length=30, label=_("Technique code")
    )
    since = django_filters.DateFilter(
        field_name="starts_at__date", lookup_expr="gte", label=_("From"), widget=DateInput()
    )
    until = django_filters.DateFilter(
        field_name="starts_at__date", lookup_expr="lt", label=_("Before"), widget=DateInput()
    )

    class Meta:
        model = GuidanceSession
        fields: list[str] = []


class YearFilter(django_filters.FilterSet):
    """The year that a page is about."""

    year = django_filters.NumberFilter(min_value=2000, max_value=2100, decimal_places=0)

    @classmethod
    def read(cls, asked: QueryDict, *, default: int) -> int:
        """The year asked for, else the default."""
        form = cls(asked, queryset=Posting.objects.none()).form
        return int((form.is_valid() and form.cleaned_data["year"]) or default)
