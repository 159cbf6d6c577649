"""What institutions and departments can be filtered by, on pages and in the API."""

from typing import Any
from uuid import UUID

import django_filters
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.core.filters import BooleanFilter, PublicIdFilter, SearchFilter

from . import selectors
from .choices import Tier
from .models import Department, Institution, Membership


class InstitutionFilter(django_filters.FilterSet):
    """Institutions by name, tier, place, alliance and who may refer to them."""

    search = SearchFilter()
    tier = django_filters.ChoiceFilter(choices=Tier.choices, label=_("Tier"))
    division_code = django_filters.CharFilter(
        lookup_expr="startswith", max_length=12, label=_("Division code begins with")
    )
    parent = PublicIdFilter("parent", label=_("Parent institution"))
    alliance = django_filters.UUIDFilter(method="member_of", label=_("Alliance"))
    may_receive_from = django_filters.UUIDFilter(method="open_to", label=_("May receive from"))
    is_external = BooleanFilter(label=_("Outside the platform"))
    is_active = BooleanFilter(label=_("Active"))

    class Meta:
        model = Institution
        fields: list[str] = []

    def member_of(self, rows: QuerySet[Institution], name: str, value: UUID) -> QuerySet[Any]:
        """Members of an alliance today."""
        members = Membership.objects.in_force(timezone.localdate()).filter(
            alliance__public_id=value
        )
        return rows.filter(pk__in=members.values("institution"))

    def open_to(self, rows: QuerySet[Institution], name: str, value: UUID) -> QuerySet[Any]:
        """Institutions that this one may refer to today."""
        sender = Institution.objects.filter(public_id=value).first()
        if sender is None:
            return rows.none()
        receivers = selectors.receivers_for(sender_id=sender.pk, on=timezone.localdate())
        return rows.filter(pk__in=receivers.values("pk"))


class DepartmentFilter(django_filters.FilterSet):
    """Departments by institution, specialty and name."""

    search = SearchFilter("name__icontains", "pinyin__contains", "code__iexact")
    institution = PublicIdFilter("institution", label=_("Institution"))
    specialty = django_filters.CharFilter(
        field_name="specialty__code", max_length=12, label=_("Specialty code")
    )
    is_active = BooleanFilter(label=_("Active"))

    class Meta:
        model = Department
        fields: list[str] = []
