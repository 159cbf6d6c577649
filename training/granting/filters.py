"""What applications can be filtered by, on pages, in the API and in exports."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.core.filters import BooleanFilter, PublicIdFilter, SearchFilter

from .choices import Kind, Status
from .models import Application


class ApplicationFilter(django_filters.FilterSet):
    """Applications by state, kind, place and technique, and whether they wait for one's vote."""

    search = SearchFilter(
        "practitioner__name__icontains",
        "practitioner__pinyin__startswith",
        "technique__name__icontains",
        "technique__code__startswith",
    )
    status = django_filters.ChoiceFilter(choices=Status.choices, label=_("Status"))
    kind = django_filters.ChoiceFilter(choices=Kind.choices, label=_("Kind"))
    institution = PublicIdFilter("institution", label=_("Institution"))
    practitioner = PublicIdFilter("practitioner", label=_("Applicant"))
    technique = django_filters.CharFilter(
        field_name="technique__code", max_length=30, label=_("Technique code")
    )
    meeting = PublicIdFilter("meeting", label=_("Meeting"))
    my_vote = BooleanFilter(method="waiting_for_me", label=_("Waits for my vote"))

    class Meta:
        model = Application
        fields: list[str] = []

    def waiting_for_me(self, rows: QuerySet[Application], name: str, value: bool) -> QuerySet[Any]:
        """Those on which the reader may vote and has not, or all others."""
        mine = rows.unvoted_by(self.request.user, timezone.localdate())  # type: ignore[attr-defined]
        return mine if value else rows.exclude(pk__in=mine.values("pk"))
