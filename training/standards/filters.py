"""What admissions can be filtered by, on pages, in the API and in files."""

import django_filters
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.core.filters import BooleanFilter, PublicIdFilter, SearchFilter

from .choices import Status
from .models import Admission


class AdmissionFilter(django_filters.FilterSet):
    """Admissions by technique, institution, status, and whether they count today."""

    search = SearchFilter(
        "technique__code__istartswith",
        "technique__name__icontains",
        "technique__pinyin__contains",
        "institution__name__icontains",
        "institution__pinyin__contains",
    )
    status = django_filters.ChoiceFilter(choices=Status.choices, label=_("Status"))
    in_force = BooleanFilter(method="counting", label=_("Counts today"))
    institution = PublicIdFilter("institution", label=_("Institution"))
    technique = django_filters.CharFilter(
        field_name="technique__code", max_length=30, label=_("Technique code")
    )

    class Meta:
        model = Admission
        fields: list[str] = []

    def counting(self, rows: QuerySet[Admission], name: str, value: bool) -> QuerySet[Admission]:
        """Those that count today, or the others."""
        mine = Admission.objects.visible_to(self.request.user)
        counts = mine.in_force(timezone.localdate()).values("pk")
        return rows.filter(pk__in=counts) if value else rows.exclude(pk__in=counts)
