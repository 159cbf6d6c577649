"""How patients are looked up by other systems."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from alliance.core.identifiers import IdType

from . import selectors
from .models import Patient


class PatientLookup(django_filters.FilterSet):
    """One patient by document number. There is no list of all: nobody treats all patients at once."""

    id_number = django_filters.CharFilter(
        required=True, max_length=40, method="numbered", label=_("ID number")
    )
    id_type = django_filters.ChoiceFilter(
        choices=IdType.choices, method="of_kind", label=_("Kind of document")
    )

    class Meta:
        model = Patient
        fields: list[str] = []

    def numbered(self, rows: QuerySet[Patient], name: str, value: str) -> QuerySet[Any]:
        """The visible person with this number, found through the keyed digest."""
        kind = self.form.cleaned_data["id_type"] or IdType.RESIDENT
        found = selectors.find_by_number(kind, value)
        return rows.filter(pk=found.pk) if found else rows.none()

    def of_kind(self, rows: QuerySet[Patient], name: str, value: str) -> QuerySet[Any]:
        """The kind only qualifies the number."""
        return rows
