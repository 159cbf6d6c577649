"""What practitioners can be filtered by, on pages and in the API."""

import django_filters
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.core.choices import Role
from alliance.core.filters import BooleanFilter, PublicIdFilter, SearchFilter

from .choices import TitleCode
from .models import Practitioner, User


class PractitionerFilter(django_filters.FilterSet):
    """Practitioners by name, licence, institution, department, specialty and title."""

    search = SearchFilter("name__icontains", "pinyin__startswith", "licence_number__iexact")
    institution = PublicIdFilter("institution", label=_("Institution"))
    department = PublicIdFilter("department", label=_("Department"))
    specialty = django_filters.CharFilter(
        field_name="specialties__code", max_length=12, label=_("Specialty code")
    )
    title_code = django_filters.ChoiceFilter(
        choices=TitleCode.choices, label=_("Professional title")
    )
    is_active = BooleanFilter(label=_("Active"))

    class Meta:
        model = Practitioner
        fields: list[str] = []


class StaffFilter(PractitionerFilter):
    """The filters of the API that people use on the page of one institution."""

    is_active = BooleanFilter(label=_("Active"))
    institution = department = specialty = None  # type: ignore[assignment]

    class Meta(PractitionerFilter.Meta):
        pass


class UserFilter(django_filters.FilterSet):
    """Accounts by name, role and whether they are open."""

    search = SearchFilter("name__icontains", "username__icontains", "email__istartswith")
    role = django_filters.ChoiceFilter(
        choices=Role.choices, label=_("Role"), method="holding", empty_label=_("Any role")
    )
    is_active = BooleanFilter(label=_("Active"))

    class Meta:
        model = User
        fields: list[str] = []

    def holding(self, rows: QuerySet[User], name: str, role: str) -> QuerySet[User]:
        """People who hold the role today."""
        return rows.holding(role, timezone.localdate())  # type: ignore[attr-defined]
