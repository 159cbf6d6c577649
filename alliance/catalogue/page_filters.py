"""The filters of the API, cut to what people use on the catalogue's pages."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from alliance.core.forms import DateInput
from alliance.institutions.choices import Tier

from . import rules
from .filters import TechniqueFilter
from .models import CatalogueEdition, CatalogueEntry, Technique


class EditionEntryFilter(TechniqueFilter):
    """Techniques of one edition; with `ungraded_too` a search looks among all others as well."""

    tier = django_filters.ChoiceFilter(
        choices=[(tier.value, tier.label) for tier in rules.GRADED_TIERS],
        method="permitted",
        label=_("May be done at"),
    )
    category = specialty = national_level = None
    is_minimally_invasive = is_common = is_active = None  # type: ignore[assignment]

    def __init__(
        self,
        *args: Any,
        edition: CatalogueEdition | None,
        ungraded_too: bool = False,
        **kwargs: Any,
    ) -> None:
        self.edition, self.ungraded_too = edition, ungraded_too
        super().__init__(*args, **kwargs)

    @property
    def searched(self) -> str:
        """What was typed into the search field."""
        return str(self.form.cleaned_data.get("search") or "").strip()

    @property
    def ordering(self) -> str:
        """The closest first when searched, else by code; known once `qs` was asked for."""
        return "place" if self.searched else "code"

    def filter_queryset(self, queryset: QuerySet[Technique]) -> QuerySet[Technique]:
        """The filters that are on, and no ungraded techniques unless they were searched for."""
        found: QuerySet[Technique] = super().filter_queryset(queryset)
        if self.ungraded_too and self.searched:
            return found
        return found.filter(pk__in=self._entries().values("technique"))

    def _entries(self) -> QuerySet[CatalogueEntry]:
        return CatalogueEntry.objects.filter(edition=self.edition)


class TechniqueAsOfFilter(EditionEntryFilter):
    """The same as of a day of one's choice."""

    on = django_filters.DateFilter(method="as_of", label=_("As of"), widget=DateInput())
    tier = django_filters.ChoiceFilter(
        choices=Tier.choices, method="permitted", label=_("May be done at")
    )
    is_restricted = None  # type: ignore[assignment]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, ungraded_too=True, **kwargs)

    def as_of(self, rows: QuerySet[Technique], name: str, value: date) -> QuerySet[Technique]:
        """The day has chosen the edition already."""
        return rows

    @staticmethod
    def day_asked(query: Mapping[str, str]) -> date | None:
        """The day in a query string, None where it is missing or no day."""
        try:
            return forms.DateField(required=False).clean(query.get("on"))
        except ValidationError:
            return None
