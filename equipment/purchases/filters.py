"""What purchases can be filtered by, on pages, in the API and in files."""

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from alliance.core.filters import BooleanFilter, PublicIdFilter, SearchFilter

from .choices import Status
from .models import Purchase


class PurchaseFilter(django_filters.FilterSet):
    """Applications by type, institution, status, and whether they wait for the reader's side."""

    search = SearchFilter(
        "type__name__icontains",
        "type__pinyin__contains",
        "institution__name__icontains",
        "institution__pinyin__contains",
    )
    status = django_filters.ChoiceFilter(choices=Status.choices, label=_("Status"))
    waiting = BooleanFilter(method="for_me", label=_("Waits for me"))
    institution = PublicIdFilter("institution", label=_("Institution"))

    class Meta:
        model = Purchase
        fields: list[str] = []

    def for_me(self, rows: QuerySet[Purchase], name: str, value: bool) -> QuerySet[Purchase]:
        """Those on which the reader's side has to act, or the others."""
        mine = Purchase.objects.visible_to(self.request.user).waiting_for(self.request.user)
        keys = mine.values("pk")
        return rows.filter(pk__in=keys) if value else rows.exclude(pk__in=keys)
