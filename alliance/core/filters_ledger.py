"""What ledger lines can be filtered by."""

from datetime import date
from typing import Any

import django_filters
from django.contrib.auth import get_user_model
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from . import acts, selectors
from .filters import day_begins, day_ends
from .forms import DateInput
from .models import AuditEntry

_PEOPLE = 50


def _actions() -> list[tuple[str, str]]:
    named = [(code, acts.act_label(code)) for code in selectors.ledger_actions()]
    return sorted(named, key=lambda one: one[1])


def _kinds() -> list[tuple[str, str]]:
    return [(label, acts.kind_label(label)) for label in selectors.ledger_kinds()]


class LedgerFilter(django_filters.FilterSet):
    """Lines by person, act, thing and day; each is a range of an index."""

    actor = django_filters.CharFilter(label=_("Who"), method="by_actor", max_length=60)
    action = django_filters.ChoiceFilter(label=_("Act"), choices=_actions)
    subject_type = django_filters.ChoiceFilter(label=_("Kind of thing"), choices=_kinds)
    subject_id = django_filters.CharFilter(label=_("Thing"), max_length=60)
    since = django_filters.DateFilter(label=_("From"), method="from_day", widget=DateInput())
    until = django_filters.DateFilter(label=_("Until"), method="until_day", widget=DateInput())

    class Meta:
        model = AuditEntry
        fields: list[str] = []

    def by_actor(self, rows: QuerySet[AuditEntry], name: str, text: str) -> QuerySet[Any]:
        """Lines of the people called that: by user name, name or address."""
        found = Q(username__iexact=text) | Q(name=text) | Q(email__iexact=text)
        people = get_user_model().objects.filter(found).values_list("pk", flat=True)[:_PEOPLE]
        return rows.filter(actor__in=list(people))

    def from_day(self, rows: QuerySet[AuditEntry], name: str, day: date) -> QuerySet[Any]:
        """Lines of that day and later."""
        return rows.filter(at__gte=day_begins(day))

    def until_day(self, rows: QuerySet[AuditEntry], name: str, day: date) -> QuerySet[Any]:
        """Lines of that day and earlier."""
        return rows.filter(at__lt=day_ends(day))
