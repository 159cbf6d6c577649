"""What charges can be filtered by, on their page and in Excel."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.core.filters import PublicIdFilter, SearchFilter

from ..models import Charge
from .statements import month_of


class ChargeFilter(django_filters.FilterSet):
    """Charges by month, houses and device."""

    search = SearchFilter("device__name__icontains", "device__asset_number__icontains")
    month = django_filters.CharFilter(
        method="in_month", label=_("Month"), max_length=7, required=False
    )
    payer = PublicIdFilter("payer", label=_("Payer"))
    payee = PublicIdFilter("payee", label=_("Payee"))
    partner = django_filters.UUIDFilter(method="with_partner", label=_("Partner"))

    class Meta:
        model = Charge
        fields: list[str] = []

    def in_month(self, rows: QuerySet[Charge], name: str, value: str) -> QuerySet[Charge]:
        """Those of uses of a month, written 2026-11."""
        month = month_of(value, today=timezone.localdate())
        found: QuerySet[Charge] = rows.in_month(month.first, month.next)  # type: ignore[attr-defined]
        return found

    def with_partner(self, rows: Any, name: str, value: Any) -> QuerySet[Charge]:
        """Those of one house, whether it pays or is paid."""
        found: QuerySet[Charge] = rows.with_partner(value)
        return found
