"""Filters that refuse what they do not understand, for lists on pages and in the API alike."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .days import IMPLAUSIBLE

_YES, _NO = {"true", "1", "yes"}, {"false", "0", "no"}


def day_begins(day: date) -> datetime:
    """The first moment of a day here."""
    return timezone.make_aware(datetime.combine(day, time.min))


def day_ends(day: date) -> datetime:
    """The first moment that is no longer that day; the calendar's last day ends with itself."""
    if day == date.max:
        return timezone.make_aware(datetime.combine(day, time.max))
    return day_begins(day + timedelta(days=1))


class StrictBooleanField(forms.NullBooleanField):
    """`true` or `false`; Django's own takes any other word for "not asked"."""

    widget = forms.Select(choices=[("", "—"), ("true", _("Yes")), ("false", _("No"))])

    def to_python(self, value: Any) -> bool | None:  # type: ignore[override]
        """True, False, or None when nothing was asked."""
        text = str(value or "").strip().lower()
        if not text:
            return None
        if text not in _YES | _NO:
            raise ValidationError(_("Enter true or false."), code="invalid")
        return text in _YES

    def validate(self, value: Any) -> None:
        """Whatever `to_python` let pass."""


class BooleanFilter(django_filters.BooleanFilter):
    """`?is_active=true`."""

    field_class = StrictBooleanField


class PublicIdFilter(django_filters.UUIDFilter):
    """`?institution=<id>`: rows belonging to the thing with this public id."""

    def __init__(self, field_name: str, **kwargs: Any) -> None:
        super().__init__(field_name=f"{field_name}__public_id", **kwargs)


class MomentField(django_filters.fields.IsoDateTimeField):
    """A moment, in the time of the world: the database knows fewer offsets than ISO 8601 does."""

    def clean(self, value: Any) -> datetime | None:
        """None when nothing was asked."""
        moment = super().clean(value)
        try:
            return moment and moment.astimezone(UTC)
        except OverflowError:
            raise ValidationError(IMPLAUSIBLE, code="implausible_day") from None


class MomentFilter(django_filters.IsoDateTimeFilter):
    """`?updated_since=2026-11-22T08:00:00+08:00`."""

    field_class = MomentField


class SearchFilter(django_filters.CharFilter):
    """`?search=`: rows where any of `lookups` fits, or what the queryset's own `search` finds.

    Lookups of pinyin initials get the text in small letters.
    """

    def __init__(self, *lookups: str, **kwargs: Any) -> None:
        self.lookups = lookups
        super().__init__(label=_("Search"), max_length=100, **kwargs)

    def filter(self, queryset: QuerySet[Any], value: str | None) -> QuerySet[Any]:
        """Search, unless nothing was typed."""
        text = (value or "").strip()
        if not text:
            return queryset
        if not self.lookups:
            search: Callable[[str], QuerySet[Any]] = queryset.search  # type: ignore[attr-defined]
            return search(text)
        found = Q()
        for lookup in self.lookups:
            found |= Q(**{lookup: text.lower() if lookup.startswith("pinyin") else text})
        return queryset.filter(found)
