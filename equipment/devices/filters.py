"""What devices, their types and lines of stock-takes can be filtered by, on pages, in the API and in files."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet, TextChoices
from django.forms import HiddenInput
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from alliance.core.filters import BooleanFilter, MomentFilter, PublicIdFilter, SearchFilter
from alliance.institutions.choices import Tier
from alliance.institutions.models import Institution

from .choices import Condition, TypeKind
from .models import Device, DeviceType, StocktakeLine
from .selectors import type_called


class Standing(TextChoices):
    """Whether a device stands on the register today."""

    STANDING = "standing", pgettext_lazy("device", "On the register")
    PAST_LIFE = "past_life", pgettext_lazy("device", "Past its expected life")
    RETIRED = "retired", pgettext_lazy("device", "Retired")


class Order(TextChoices):
    """How the list is ordered."""

    NAME = "name", _("By name")
    NEWEST = "-in_use_from", _("The newest first")
    OLDEST = "in_use_from", _("The oldest first")
    LIFE = "life_ends_on", _("By the end of the expected life")
    NUMBER = "asset_number", _("By asset number")


class TypeField(forms.CharField):
    """A type of device, by its code or its id."""

    def clean(self, value: Any) -> dict[str, Any]:
        """What to look for; nothing where nothing was asked."""
        text = super().clean(value)
        if not text:
            return {}
        try:
            return {"type__public_id": UUID(text)}
        except ValueError:
            found = type_called(text)
        if found is None:
            raise ValidationError(_("There is no type of this code or id."))
        return {"type": found}


class OfTypeFilter(django_filters.CharFilter):
    """`?type=US-P`, or the id of the type."""

    field_class = TypeField

    def filter(self, queryset: Any, value: Mapping[str, Any] | None) -> Any:
        """Those of the type that is named."""
        return queryset.filter(**value) if value else queryset


class DeviceFilter(django_filters.FilterSet):
    """Devices by words, type, owner, and how they stand today."""

    search = SearchFilter()
    type = OfTypeFilter(label=_("Device type"))
    kind = django_filters.ChoiceFilter(
        field_name="type__kind", choices=TypeKind.choices, label=_("Kind")
    )
    owner = PublicIdFilter("owner", label=_("Owning institution"))
    tier = django_filters.ChoiceFilter(
        field_name="owner__tier", choices=Tier.choices, label=_("Tier")
    )
    condition = django_filters.ChoiceFilter(choices=Condition.choices, label=_("Condition"))
    standing = django_filters.ChoiceFilter(
        choices=Standing.choices, method="by_standing", label=_("On the register or not")
    )
    is_shared = BooleanFilter(label=_("Shared with the alliance"))
    is_high_end = BooleanFilter(field_name="type__is_high_end", label=_("High-end"))
    older_than = django_filters.NumberFilter(
        method="by_age", min_value=0, max_value=100, label=_("Older than so many years")
    )
    updated_since = MomentFilter(
        field_name="updated_at", lookup_expr="gte", label=_("Changed since"), widget=HiddenInput
    )

    class Meta:
        model = Device
        fields: list[str] = []

    def by_standing(self, rows: Any, name: str, value: str) -> Any:
        """As of today."""
        today = timezone.localdate()
        if value == Standing.STANDING:
            return rows.standing_on(today)
        if value == Standing.PAST_LIFE:
            return rows.past_life(today)
        return rows.filter(retired_on__lte=today)

    def by_age(self, rows: Any, name: str, value: Any) -> Any:
        """More whole years than so many, as of today."""
        return rows.older_than(int(value), timezone.localdate())


def _types(request: Any) -> QuerySet[DeviceType]:
    """Types that the reader may look up."""
    rows: QuerySet[DeviceType] = DeviceType.objects.visible_to(request.user)
    return rows


def _owners(request: Any) -> QuerySet[Institution]:
    """Institutions of which the reader sees a device."""
    seen = Device.objects.visible_to(request.user).order_by().values("owner")
    rows: QuerySet[Institution] = Institution.objects.visible_to(request.user).filter(pk__in=seen)
    return rows


class DevicePageFilter(DeviceFilter):
    """The same on the page, where the order stands among the filters and names are chosen."""

    ordering = django_filters.ChoiceFilter(
        choices=Order.choices, method="ordered", label=_("Order"), empty_label=None
    )

    type = django_filters.ModelChoiceFilter(
        queryset=_types, to_field_name="public_id", label=_("Device type")
    )
    owner = django_filters.ModelChoiceFilter(
        queryset=_owners, to_field_name="public_id", label=_("Owning institution")
    )

    def ordered(self, rows: Any, name: str, value: str) -> Any:
        """The page reads its rows in this order by itself."""
        return rows


class TypeFilter(django_filters.FilterSet):
    """Types of device by words, kind and technique."""

    search = SearchFilter("name__icontains", "pinyin__contains", "code__istartswith")
    kind = django_filters.ChoiceFilter(choices=TypeKind.choices, label=_("Kind"))
    is_high_end = BooleanFilter(label=_("High-end"))
    is_active = BooleanFilter(label=_("Active"))
    technique = django_filters.CharFilter(
        field_name="needed_by__technique__code", max_length=30, label=_("Technique code")
    )

    class Meta:
        model = DeviceType
        fields: list[str] = []


class LineFilter(django_filters.FilterSet):
    """Lines of stock-takes."""

    stocktake = PublicIdFilter("stocktake", label=_("Stock-take"))

    class Meta:
        model = StocktakeLine
        fields: list[str] = []
