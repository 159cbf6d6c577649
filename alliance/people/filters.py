"""What practitioners can be filtered by, on pages and in the API."""

import django_filters
from django.utils.translation import gettext_lazy as _

from alliance.core.filters import BooleanFilter, PublicIdFilter, SearchFilter

from .choices import TitleCode
from .models import Practitioner


class PractitionerFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Practitioners by name, licence, institution, department, specialty and title."""

    search = SearchFilter("name__icontains", "pinyin__startswith", "licence_number__iexact")
    institution = PublicIdFilter("institution", label=_("Institution"))
    department = PublicIdFilter("department", label=_("Department"))
    specialty = django_filters.CharFilter(
        field_name="specialties__code", max_length=12, label=_("Specialty code")
    )
    title_code = django_filters.ChoiceFilter(choices=TitleCode.choices, label=_("Title"))
    is_active = BooleanFilter(label=_("Active"))

    class Meta:
        model = Practitioner
        fields: list[str] = []
