"""What diseases and techniques can be filtered by, on pages and in the API."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alliance.core.filters import BooleanFilter, SearchFilter
from alliance.institutions.choices import Tier
from alliance.institutions.models import Alliance
from alliance.institutions.selectors import alliances_of, office_alliance

from . import selectors
from .choices import Category, TechniqueGrade
from .models import CatalogueEntry, Disease, Technique

_ISO = ["%Y-%m-%d"]


@dataclass(frozen=True)
class Grading:
    """Whose catalogue is asked, and as of which day."""

    alliance_id: int | None
    on: date


class _GradingQuery(forms.Form):
    on = forms.DateField(required=False, input_formats=_ISO)
    alliance = forms.UUIDField(required=False)


def grading_of(request: Any) -> Grading:
    """Read `?on=` (today) and `?alliance=` (the caller's own); ValidationError for nonsense."""
    query = _GradingQuery(request.GET)
    if not query.is_valid():
        raise ValidationError(query.errors.as_data())
    on = query.cleaned_data["on"] or timezone.localdate()
    asked = query.cleaned_data["alliance"]
    alliance = Alliance.objects.filter(public_id=asked).first() if asked else _own(request, on)
    if asked and alliance is None:
        raise ValidationError({"alliance": _("There is no such alliance.")})
    return Grading(alliance.pk if alliance else None, on)


def _own(request: Any, on: date) -> Alliance | None:
    """The alliance of the acting institution, or the one whose office the caller works for."""
    institution = getattr(request, "institution", None)
    if institution:
        return next(iter(alliances_of(institution.pk, on=on)), None)
    return office_alliance(request.user)


class DiseaseFilter(django_filters.FilterSet):
    """Diseases by name, code or initials, group, specialty and where they are best treated."""

    search = SearchFilter()
    group = django_filters.CharFilter(max_length=30, label=gettext_lazy("Group"))
    specialty = django_filters.CharFilter(
        field_name="specialty__code", max_length=12, label=gettext_lazy("Specialty code")
    )
    best_tier = django_filters.ChoiceFilter(
        choices=Tier.choices, label=gettext_lazy("Best treated at")
    )
    is_first_visit = BooleanFilter(label=gettext_lazy("First visit at the grassroots"))
    is_common = BooleanFilter(label=gettext_lazy("Common"))
    is_active = BooleanFilter(label=gettext_lazy("Active"))

    class Meta:
        model = Disease
        fields: list[str] = []


class TechniqueFilter(django_filters.FilterSet):
    """Techniques by name, code or initials, and by how an alliance grades them on a day."""

    search = SearchFilter()
    category = django_filters.ChoiceFilter(choices=Category.choices, label=gettext_lazy("Category"))
    specialty = django_filters.CharFilter(
        field_name="specialty__code", max_length=12, label=gettext_lazy("Specialty code")
    )
    national_level = django_filters.NumberFilter(
        min_value=1, max_value=4, label=gettext_lazy("National level")
    )
    is_minimally_invasive = BooleanFilter(label=gettext_lazy("Minimally invasive"))
    is_restricted = BooleanFilter(label=gettext_lazy("Restricted"))
    is_common = BooleanFilter(label=gettext_lazy("Common"))
    is_active = BooleanFilter(label=gettext_lazy("Active"))
    grade = django_filters.ChoiceFilter(
        choices=TechniqueGrade.choices, method="graded", label=gettext_lazy("Grade")
    )
    tier = django_filters.ChoiceFilter(
        choices=Tier.choices, method="permitted", label=gettext_lazy("May be done at")
    )

    class Meta:
        model = Technique
        fields: list[str] = []

    def graded(self, rows: QuerySet[Technique], name: str, value: str) -> QuerySet[Any]:
        """Techniques that the catalogue in force gives this grade."""
        return rows.filter(pk__in=self._entries().filter(grade=value).values("technique"))

    def permitted(self, rows: QuerySet[Technique], name: str, value: str) -> QuerySet[Any]:
        """Techniques that institutions of this tier may do; a village clinic as its township."""
        tier = Tier.TOWNSHIP if value == Tier.VILLAGE else value
        return rows.filter(
            pk__in=self._entries().filter(tiers__contains=[tier]).values("technique")
        )

    def _entries(self) -> QuerySet[CatalogueEntry]:
        grading = grading_of(self.request)
        if grading.alliance_id is None:
            return CatalogueEntry.objects.none()
        edition = selectors.edition_in_force(alliance_id=grading.alliance_id, on=grading.on)
        return CatalogueEntry.objects.filter(edition=edition)
