"""Types of device in words."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import Count
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from ..choices import UNVERIFIED, TypeKind
from ..models import Device, DeviceType


def type_rows(found: Iterable[DeviceType], user: Any) -> list[dict[str, Any]]:
    """Types with how many devices of them the reader sees on the register; one query."""
    types = list(found)
    seen = Device.objects.visible_to(user).filter(type__in=types, retired_on=None)
    counts = dict(seen.order_by().values_list("type").annotate(Count("pk")))
    return [
        {
            "type": type_,
            "kind": TypeKind(type_.kind).label,
            "count": counts.get(type_.pk, 0),
        }
        for type_ in types
    ]


_SHOWN = ("code", "category_code", "family", "source")
_NUMBERS = ("life_years", "setup_minutes", "cleaning_minutes")
_UPKEEP = ("statutory_months", "preventive_months", "upkeep_source")


def type_facts(type_: DeviceType, user: Any) -> list[dict[str, Any]]:
    """What is usual for a type."""
    (counted,) = type_rows([type_], user)
    yes, no = _("yes"), _("no")
    given = [
        (_label("kind"), counted["kind"]),
        *((_label(name), _shown(type_, name)) for name in _SHOWN),
        *((_label(name), str(getattr(type_, name))) for name in _NUMBERS),
        *((_label(name), str(getattr(type_, name) or "")) for name in _UPKEEP),
        (_label("is_high_end"), yes if type_.is_high_end else no),
        (_label("is_fixed"), yes if type_.is_fixed else no),
        (_label("is_active"), yes if type_.is_active else no),
        (_("Devices on the register"), str(counted["count"])),
    ]
    return [{"label": label, "value": value} for label, value in given if value]


def _shown(type_: DeviceType, name: str) -> str:
    """A fact; a classification code that nobody has looked up says so."""
    value = str(getattr(type_, name))
    if name == "category_code" and value and UNVERIFIED in type_.source:
        return _("%(code)s (not verified)") % {"code": value}
    return value


def as_form(row: Any, form: type[forms.Form]) -> dict[str, Any]:
    """What a row says, for a form that asks the same."""
    return {name: getattr(row, name) for name in form.base_fields if hasattr(row, name)}


def _label(name: str) -> str:
    field: Any = DeviceType._meta.get_field(name)
    return str(capfirst(field.verbose_name))
