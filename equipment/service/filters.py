"""What orders, plans, records and outages can be filtered by, on pages, in the API and in files."""

from datetime import timedelta

import django_filters
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from alliance.core.filters import BooleanFilter, PublicIdFilter, SearchFilter

from .choices import OutageReason, PlanKind, Result, Status
from .models import MaintenancePlan, Outage, ServiceRecord, WorkOrder

SOON = 30


class OrderFilter(django_filters.FilterSet):
    """Work orders by number, device or words, status, and whether somebody works on them."""

    search = SearchFilter()
    status = django_filters.ChoiceFilter(choices=Status.choices, label=_("Status"))
    open = BooleanFilter(
        field_name="closed_at",
        lookup_expr="isnull",
        label=pgettext_lazy("work order", "Still open"),
    )
    institution = PublicIdFilter("institution", label=_("Institution"))
    device = PublicIdFilter("device", label=_("Device"))

    class Meta:
        model = WorkOrder
        fields: list[str] = []


class PlanFilter(django_filters.FilterSet):
    """Plans by device or words, kind, and how they stand today."""

    search = SearchFilter()
    kind = django_filters.ChoiceFilter(choices=PlanKind.choices, label=_("Kind"))
    standing = django_filters.ChoiceFilter(
        choices=[
            ("overdue", pgettext_lazy("check", "Overdue")),
            ("soon", pgettext_lazy("check", "Due within 30 days")),
        ],
        method="as_it_stands",
        label=pgettext_lazy("check", "Standing"),
    )
    institution = PublicIdFilter("device__owner", label=_("Institution"))
    device = PublicIdFilter("device", label=_("Device"))

    class Meta:
        model = MaintenancePlan
        fields: list[str] = []

    def as_it_stands(
        self, rows: QuerySet[MaintenancePlan], name: str, value: str
    ) -> QuerySet[MaintenancePlan]:
        """Those overdue today, or due soon."""
        today = timezone.localdate()
        if value == "overdue":
            return rows.filter(due_on__lt=today)
        return rows.filter(due_on__gte=today, due_on__lte=today + timedelta(days=SOON))


class RecordFilter(django_filters.FilterSet):
    """Records by device, kind, result and day."""

    kind = django_filters.ChoiceFilter(choices=PlanKind.choices, label=_("Kind"))
    result = django_filters.ChoiceFilter(choices=Result.choices, label=_("Result"))
    since = django_filters.DateFilter("done_on", lookup_expr="gte", label=_("Since"))
    until = django_filters.DateFilter("done_on", lookup_expr="lte", label=_("Until"))
    device = PublicIdFilter("device", label=_("Device"))
    institution = PublicIdFilter("device__owner", label=_("Institution"))

    class Meta:
        model = ServiceRecord
        fields: list[str] = []


class OutageFilter(django_filters.FilterSet):
    """Outages by device, reason, and whether they go on."""

    reason = django_filters.ChoiceFilter(choices=OutageReason.choices, label=_("Reason"))
    open = BooleanFilter(
        field_name="ends_at", lookup_expr="isnull", label=pgettext_lazy("outage", "Goes on")
    )
    device = PublicIdFilter("device", label=_("Device"))
    institution = PublicIdFilter("device__owner", label=_("Institution"))

    class Meta:
        model = Outage
        fields: list[str] = []
