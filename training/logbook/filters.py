"""What cases and reviews can be filtered by, on pages, in the API and in exports."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from alliance.catalogue.models import Technique
from alliance.core.filters import BooleanFilter, PublicIdFilter, SearchFilter
from alliance.core.forms import DateInput

from .choices import CaseRole, CaseStatus, Outcome, ReviewCause
from .models import Case, CurveReview


class CaseFilter(django_filters.FilterSet):
    """Cases by people, technique, place, day, role, outcome and status."""

    search = SearchFilter()
    status = django_filters.ChoiceFilter(choices=CaseStatus.choices, label=_("Status"))
    role = django_filters.ChoiceFilter(choices=CaseRole.choices, label=_("Role"))
    outcome = django_filters.ChoiceFilter(choices=Outcome.choices, label=_("Outcome"))
    technique = django_filters.ModelChoiceFilter(
        queryset=Technique.objects.filter(is_active=True),
        to_field_name="code",
        label=_("Technique"),
    )
    operator = PublicIdFilter("operator", label=_("Operator"))
    supervisor = PublicIdFilter("supervisor", label=_("Supervisor"))
    institution = PublicIdFilter("institution", label=_("Institution"))
    performed_from = django_filters.DateFilter(
        field_name="performed_on", lookup_expr="gte", label=_("From"), widget=DateInput()
    )
    performed_until = django_filters.DateFilter(
        field_name="performed_on", lookup_expr="lte", label=_("Until"), widget=DateInput()
    )
    is_emergency = BooleanFilter(label=_("Emergency operation"))
    converted = BooleanFilter(label=_("Converted to open surgery"))

    class Meta:
        model = Case
        fields: list[str] = []


class CaseListFilter(CaseFilter):
    """The filters that people use on a page."""

    technique = django_filters.CharFilter(
        field_name="technique__code", label=_("Technique (code)"), max_length=30
    )
    operator = supervisor = institution = None  # type: ignore[assignment]

    class Meta(CaseFilter.Meta):
        pass


class ReviewFilter(django_filters.FilterSet):
    """Reviews by signal, and whether somebody has decided."""

    search = SearchFilter("practitioner__name__startswith", "technique__name__icontains")
    cause = django_filters.ChoiceFilter(choices=ReviewCause.choices, label=_("Signal"))
    is_open = BooleanFilter(method="by_open", label=_("Waits for a decision"))

    class Meta:
        model = CurveReview
        fields: list[str] = []

    def by_open(self, rows: QuerySet[CurveReview], name: str, value: bool) -> QuerySet[Any]:
        """Those that wait, or those that are decided."""
        return rows.filter(decided_at__isnull=value)
