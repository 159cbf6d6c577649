"""What findings and runs can be filtered by, on pages and in the API."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.core import compliance
from alliance.core.choices import Severity
from alliance.core.filters import BooleanFilter, PublicIdFilter, SearchFilter

from .choices import RunState, Standing
from .models import CheckRun, Finding


def _codes() -> list[tuple[str, Any]]:
    return [(code, one.title) for code, one in compliance.checks().items()]


class FindingFilter(django_filters.FilterSet):
    """Findings by weight, check, house, owner, and how they stand today."""

    search = SearchFilter("evidence__number__icontains", "evidence__name__icontains")
    severity = django_filters.ChoiceFilter(choices=Severity.choices, label=_("Severity"))
    check = django_filters.ChoiceFilter(field_name="check_code", choices=_codes, label=_("Check"))
    standing = django_filters.ChoiceFilter(
        choices=Standing.choices, method="by_standing", label=_("Standing")
    )
    institution = PublicIdFilter("institution", label=_("Institution"))
    subject = django_filters.CharFilter(max_length=60, label=_("Thing"))
    equipment = BooleanFilter(method="of_equipment", label=_("About devices"))
    mine = BooleanFilter(method="owned_by_me", label=_("Mine to mend"))

    class Meta:
        model = Finding
        fields: list[str] = []

    def by_standing(self, rows: QuerySet[Finding], name: str, value: str) -> QuerySet[Any]:
        """Open, waived or right again, as of today."""
        return rows.standing(value, timezone.localdate())  # type: ignore[attr-defined]

    def of_equipment(self, rows: QuerySet[Finding], name: str, value: bool) -> QuerySet[Any]:
        """Those about devices, or all others."""
        found = rows.about_equipment()  # type: ignore[attr-defined]
        return found if value else rows.exclude(pk__in=found.values("pk"))

    def owned_by_me(self, rows: QuerySet[Finding], name: str, value: bool) -> QuerySet[Any]:
        """Those the reader owns, or those of others."""
        mine = {"owner": self.request.user.pk}
        return rows.filter(**mine) if value else rows.exclude(**mine)


class RunFilter(django_filters.FilterSet):
    """Runs by check, state and day."""

    check = django_filters.ChoiceFilter(field_name="check_code", choices=_codes, label=_("Check"))
    state = django_filters.ChoiceFilter(choices=RunState.choices, label=_("State"))
    day = django_filters.DateFilter(label=_("For the day"))

    class Meta:
        model = CheckRun
        fields: list[str] = []
