"""What bookings can be filtered by, on pages and in the API."""

from datetime import date, datetime, time, timedelta
from typing import Any

import django_filters
from django.db.models import QuerySet
from django.forms import HiddenInput
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.core.filters import MomentFilter, PublicIdFilter
from alliance.core.forms import DateInput

from .choices import Status
from .models import Booking


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


class BookingFilter(django_filters.FilterSet):
    """Bookings by state, device, people, houses, referral and time."""

    status = django_filters.ChoiceFilter(choices=Status.choices, label=_("Status"))
    device = django_filters.UUIDFilter(method="with_device", label=_("Device"))
    operator = PublicIdFilter("operator", label=_("Operator"))
    institution = PublicIdFilter("institution", label=_("Institution"))
    owner = django_filters.UUIDFilter(method="of_owner", label=_("Owner of the device"))
    referral_number = django_filters.CharFilter(max_length=30, label=_("Number of the referral"))
    since = django_filters.DateFilter(method="after", label=_("From"), widget=DateInput())
    until = django_filters.DateFilter(
        method="before", label=_("Until and with"), widget=DateInput()
    )

    updated_since = MomentFilter(
        field_name="updated_at", lookup_expr="gte", label=_("Changed since"), widget=HiddenInput
    )

    class Meta:
        model = Booking
        fields: list[str] = []

    def with_device(self, rows: Any, name: str, value: Any) -> QuerySet[Booking]:
        """Those of one device."""
        return rows.with_device(value)

    def of_owner(self, rows: Any, name: str, value: Any) -> QuerySet[Booking]:
        """Those of a device of one institution."""
        return rows.of_owner(value)

    def after(self, rows: QuerySet[Booking], name: str, value: date) -> QuerySet[Booking]:
        """Those that end on that day or later."""
        return rows.filter(ends_at__gt=_midnight(value))

    def before(self, rows: QuerySet[Booking], name: str, value: date) -> QuerySet[Booking]:
        """Those that begin on that day or earlier."""
        return rows.filter(starts_at__lt=_midnight(value + timedelta(days=1)))
