"""What notices can be filtered by, on pages and in the API."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from alliance.core.filters import BooleanFilter

from .choices import NoticeKind
from .models import Notice


class NoticeFilter(django_filters.FilterSet):
    """One's notices by kind, and whether they were read."""

    kind = django_filters.ChoiceFilter(choices=NoticeKind.choices, label=_("Kind"))
    unread = BooleanFilter(method="still_unread", label=_("Unread"))

    class Meta:
        model = Notice
        fields: list[str] = []

    def still_unread(self, rows: QuerySet[Notice], name: str, value: bool) -> QuerySet[Any]:
        """Waiting ones, or those already read."""
        return rows.filter(read_at__isnull=value)
