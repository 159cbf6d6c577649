"""What privileges and emergencies can be filtered by, on pages and in the API."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.core.filters import BooleanFilter, PublicIdFilter, SearchFilter

from .choices import Ground, Level, Standing
from .models import Override, Privilege

_SEARCHED = (
    "practitioner__name__icontains",
    "practitioner__pinyin__startswith",
    "technique__code__startswith",
    "technique__name__icontains",
)


class PrivilegeFilter(django_filters.FilterSet):
    """Privileges by person, technique, house, level, ground, and how they stand today."""

    search = SearchFilter(*_SEARCHED)
    standing = django_filters.ChoiceFilter(
        choices=Standing.choices, method="by_standing", label=_("Standing")
    )
    level = django_filters.ChoiceFilter(choices=Level.choices, label=_("Level"))
    ground = django_filters.ChoiceFilter(choices=Ground.choices, label=_("Ground"))
    technique = django_filters.CharFilter(
        field_name="technique__code", max_length=30, label=_("Technique")
    )
    practitioner = PublicIdFilter("practitioner", label=_("Practitioner"))
    institution = PublicIdFilter("institution", label=_("Institution"))
    ends_before = django_filters.DateFilter(
        field_name="ends_on", lookup_expr="lt", label=_("Ends before")
    )

    class Meta:
        model = Privilege
        fields: list[str] = []

    def by_standing(self, rows: QuerySet[Privilege], name: str, value: str) -> QuerySet[Any]:
        """As of today."""
        return rows.standing(value, timezone.localdate())  # type: ignore[attr-defined]


class OverrideFilter(django_filters.FilterSet):
    """Emergencies by person and technique, and by what is still owed."""

    search = SearchFilter(*_SEARCHED)
    owing = BooleanFilter(
        field_name="reported_at", lookup_expr="isnull", label=_("Report still owed")
    )
    institution = PublicIdFilter("institution", label=_("Institution"))

    class Meta:
        model = Override
        fields: list[str] = []
