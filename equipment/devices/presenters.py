"""What the pages of devices show, put into words."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.formats import date_format, number_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .choices import Condition, Retirement
from .models import Device
from .rules import years_between

_TONES = {Condition.GOOD: "good", Condition.LIMITED: "warn", Condition.POOR: "bad"}


@dataclass(frozen=True)
class Row:
    """A device as a list shows it: its condition, or that it is gone; its age."""

    device: Device
    label: str
    tone: str
    age: str
    is_old: bool


def row(device: Device, *, on: date) -> Row:
    """One device in words."""
    past = device.life_ends_on <= on
    if device.retired_on is not None and device.retired_on <= on:
        label, tone = _("Retired"), "neutral"
    elif device.in_use_from > on:
        label, tone = _("Not yet in use"), "info"
    else:
        condition = Condition(device.condition)
        label, tone = str(condition.label), _TONES[condition]
    return Row(device, label, tone, age_words(device.in_use_from, on), past)


def age_words(since: date, on: date) -> str:
    """How long something has been in use."""
    years = years_between(since, on)
    if years < 1:
        return _("less than a year")
    return ngettext("%(count)s year", "%(count)s years", years) % {"count": years}


_OPEN = ("location", "maker", "condition_note")
_KNOWN = (
    "asset_number",
    "serial_number",
    "udi",
    "purchased_on",
    "in_use_from",
    "life_ends_on",
    "retired_on",
    "note",
)


def facts(device: Device, *, knows: bool) -> list[dict[str, Any]]:
    """What is known of a device; fellow members are told what booking takes."""
    given = [
        (_label("type"), device.type.name),
        (_label("owner"), device.owner.short_name),
        (_label("department"), device.department.name if device.department else ""),
        *((_label(name), getattr(device, name)) for name in _OPEN),
        (_label("is_shared"), _("yes") if device.is_shared else _("no")),
        (_label("setup_minutes"), _minutes(device.setup)),
        (_label("cleaning_minutes"), _minutes(device.cleaning)),
    ]
    if knows:
        given += [(_label(name), _said(getattr(device, name))) for name in _KNOWN]
        given += [
            (_label("price"), _money(device.price)),
            (_label("retirement"), _retirement(device)),
        ]
    return [{"label": label, "value": value} for label, value in given if value]


def _label(name: str) -> str:
    field: Any = Device._meta.get_field(name)
    return str(capfirst(field.verbose_name))


def _said(value: Any) -> str:
    return date_format(value, "DATE_FORMAT") if isinstance(value, date) else str(value or "")


def _minutes(count: int) -> str:
    return ngettext("%(count)s minute", "%(count)s minutes", count) % {"count": count}


def _money(price: Any) -> str:
    return "" if price is None else number_format(price, 2, use_l10n=True, force_grouping=True)


def _retirement(device: Device) -> str:
    return str(Retirement(device.retirement).label) if device.retirement else ""
