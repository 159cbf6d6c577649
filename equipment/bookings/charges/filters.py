"""What charges can be filtered by, on their page and in Excel."""

from typing import Any

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from alliance.core.filters import PublicIdFilter, SearchFilter

from ..models import Charge
from .statements import Month, month_named


class MonthField(forms.CharField):
    """A month written as 2026-11."""

    def clean(self, value: Any) -> Month | None:
        """None where none is asked for."""
        text = super().clean(value)
        month = month_named(text)
        if text and month is None:
            raise ValidationError(_("Write the month like 2026-11."))
        return month


class MonthFilter(django_filters.CharFilter):
    """`?month=2026-11`."""

    field_class = MonthField


class ChargeFilter(django_filters.FilterSet):
    """Charges by month, houses and device."""

    search = SearchFilter("device__name__icontains", "device__asset_number__icontains")
    month = MonthFilter(method="in_month", label=_("Month"), max_length=7)
    payer = PublicIdFilter("payer", label=_("Payer"))
    payee = PublicIdFilter("payee", label=_("Payee"))
    partner = django_filters.UUIDFilter(method="with_partner", label=_("Partner"))

    class Meta:
        model = Charge
        fields: list[str] = []

    def in_month(self, rows: QuerySet[Charge], name: str, value: Month) -> QuerySet[Charge]:
        """Those of uses of a month."""
        found: QuerySet[Charge] = rows.in_month(value.first, value.next)  # type: ignore[attr-defined]
        return found

    def with_partner(self, rows: Any, name: str, value: Any) -> QuerySet[Charge]:
        """Those of one house, whether it pays or is paid."""
        found: QuerySet[Charge] = rows.with_partner(value)
        return found
