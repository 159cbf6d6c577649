"""What programmes, enrolments and records of the past can be filtered by."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from alliance.core.filters import BooleanFilter, PublicIdFilter, SearchFilter

from .choices import EnrolmentStatus, Need, PriorState, ProgrammeKind
from .models import Enrolment, PriorRecord, Programme


class ProgrammeFilter(django_filters.FilterSet):
    """Programmes by what they lead to."""

    search = SearchFilter(
        "name__icontains", "technique__name__icontains", "technique__code__istartswith",
        "technique__pinyin__contains",
    )  # fmt: skip
    kind = django_filters.ChoiceFilter(choices=ProgrammeKind.choices, label=_("Leads to"))
    offered = BooleanFilter(field_name="is_offered", label=_("Offered"))

    class Meta:
        model = Programme
        fields: list[str] = []


class EnrolmentFilter(django_filters.FilterSet):
    """Enrolments by doctor, programme, house and status."""

    search = SearchFilter(
        "practitioner__name__icontains", "practitioner__pinyin__contains",
        "programme__name__icontains",
    )  # fmt: skip
    status = django_filters.ChoiceFilter(choices=EnrolmentStatus.choices, label=_("Status"))
    kind = django_filters.ChoiceFilter(
        field_name="programme__kind", choices=ProgrammeKind.choices, label=_("Leads to")
    )
    institution = PublicIdFilter("institution", label=_("Institution"))
    practitioner = PublicIdFilter("practitioner", label=_("Doctor"))
    technique = django_filters.CharFilter(
        field_name="technique__code", max_length=30, label=_("Technique (code)")
    )
    mine = BooleanFilter(method="taught_by_me", label=_("My mentees"))

    class Meta:
        model = Enrolment
        fields: list[str] = []

    def taught_by_me(self, rows: QuerySet[Enrolment], name: str, value: bool) -> QuerySet[Any]:
        """Those whose mentor the reader is, or the others."""
        own = {"mentor__user": self.request.user.pk}
        return rows.filter(**own) if value else rows.exclude(**own)


class PriorFilter(django_filters.FilterSet):
    """Records of the past by doctor, kind and state."""

    search = SearchFilter(
        "title__icontains", "practitioner__name__icontains", "practitioner__pinyin__contains"
    )
    state = django_filters.ChoiceFilter(choices=PriorState.choices, label=_("State"))
    kind = django_filters.ChoiceFilter(choices=Need.choices, label=_("What"))
    institution = PublicIdFilter("institution", label=_("Institution"))

    class Meta:
        model = PriorRecord
        fields: list[str] = []
