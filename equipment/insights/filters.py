"""What refused bookings can be filtered by."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from alliance.core.filters import PublicIdFilter, day_begins, day_ends
from equipment.bookings.choices import Code
from equipment.bookings.models import BookingRefusal


class RefusalFilter(django_filters.FilterSet):
    """Refusals by institution, type, reason and day."""

    institution = PublicIdFilter("institution", label=_("Institution"))
    type = django_filters.CharFilter("type__code", label=_("Device type"))
    code = django_filters.ChoiceFilter(choices=Code.choices, method="by_code", label=_("Reason"))
    since = django_filters.DateFilter(method="by_since", label=_("From"))
    until = django_filters.DateFilter(method="by_until", label=_("Up to"))

    class Meta:
        model = BookingRefusal
        fields: list[str] = []

    def by_code(
        self, rows: QuerySet[BookingRefusal], name: str, value: str
    ) -> QuerySet[BookingRefusal]:
        """Those with a reason among theirs."""
        return rows.filter(codes__contains=[value])

    def by_since(
        self, rows: QuerySet[BookingRefusal], name: str, value: Any
    ) -> QuerySet[BookingRefusal]:
        """Those of a day or later."""
        return rows.filter(at__gte=day_begins(value))

    def by_until(
        self, rows: QuerySet[BookingRefusal], name: str, value: Any
    ) -> QuerySet[BookingRefusal]:
        """Those of a day or earlier."""
        return rows.filter(at__lt=day_ends(value))
