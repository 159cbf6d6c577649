"""Devices in words: rows of the register, and all about one."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext

from .. import policies, selectors
from ..choices import Condition, Retirement
from ..forms import FileForm, GiveForm, MoveForm, PutBackForm, RetireForm
from ..marks import out_among, used_among, used_words
from ..models import Device, DeviceFile, DeviceRetirement, TypeTechnique
from ..rules import years_between

_TONES = {Condition.GOOD: "good", Condition.LIMITED: "warn", Condition.POOR: "bad"}


@dataclass(frozen=True)
class Row:
    """A device as a list shows it: its condition, or that it is gone; its age."""

    device: Device
    label: str
    tone: str
    age: str
    is_old: bool


def row(
    device: Device, *, on: date, is_out: bool = False, used_until: datetime | None = None
) -> Row:
    """One device in words; that it cannot be used now, or is in use, goes before its condition."""
    gone = device.retired_on is not None and device.retired_on <= on
    past = device.life_ends_on <= on and not gone
    if gone:
        label, tone = _("Retired"), "neutral"
    elif device.in_use_from > on:
        label, tone = _("Not yet in use"), "info"
    elif is_out:
        label, tone = _("Out of use"), "bad"
    elif used_until is not None:
        label, tone = used_words(used_until), "active"
    else:
        condition = Condition(device.condition)
        label, tone = str(condition.label), _TONES[condition]
    return Row(device, label, tone, age_words(device.aged_from, on), past)


def rows(found: Iterable[Device], *, at: datetime) -> list[Row]:
    """Devices as a list shows them."""
    devices = list(found)
    ids = [one.pk for one in devices]
    on, out, used = timezone.localdate(at), out_among(ids, at), used_among(ids, at)
    return [
        row(device, on=on, is_out=device.pk in out, used_until=used.get(device.pk))
        for device in devices
    ]


def scan_path(device: Device) -> str:
    """What the label of a device opens."""
    return reverse("devices:scan", args=[device.public_id])


def next_row(user: Any, device: Device) -> Device | None:
    """The device at the institution to which it was given, if the reader sees it there."""
    rows = Device.objects.visible_to(user).filter(came_from=device)
    found: Device | None = rows.select_related("owner").first()
    return found


def page(user: Any, device: Device, *, at: datetime, tried: Any = None) -> dict[str, Any]:
    """All about one device for this reader; `tried` is a form that came back with errors."""
    on = timezone.localdate(at)
    knows = policies.knows(user, device)
    keeps = policies.may_keep(user, device.owner_id)
    stands = device.retired_on is None
    return {
        "device": device,
        "row": next(iter(rows([device], at=at))),
        "facts": facts(device, knows=knows),
        "knows": knows,
        "keeps": keeps,
        "stands": stands,
        "acts": _acts(user, device, tried, _kinds(device, on)) if keeps else [],
        "undone": _undone(user, device),
        "files": _files(user, device, keeps) if knows else [],
        "file_form": tried if isinstance(tried, FileForm) else FileForm(),
        "seen": selectors.last_seen(device.pk) if knows else None,
        "came_from": device.came_from if knows else None,
        "next_owner": None if stands else next_row(user, device),
        "techniques": _techniques(user, device),
    }


_KINDS = (
    (MoveForm, "devices:move", _lazy("Say where it stands now"), False),
    (GiveForm, "devices:give", _lazy("Give to another institution"), False),
    (RetireForm, "devices:retire", _lazy("Retire"), True),
)


_BACK = ((PutBackForm, "devices:put-back", _lazy("Undo the retirement"), False),)


def _kinds(device: Device, on: date) -> tuple[Any, ...]:
    """What may be done with a device that stands; with one that has left, its way back."""
    if device.retired_on is None:
        return _KINDS
    retired = device.retirements.filter(undone_at=None).first()
    return () if policies.put_back_refusal(device, retired, on=on) else _BACK


def _undone(user: Any, device: Device) -> Any:
    """Retirements that were mistakes, the latest first."""
    rows = DeviceRetirement.objects.visible_to(user).filter(device=device)
    return rows.exclude(undone_at=None).select_related("undone_by").order_by("-pk")


def _acts(user: Any, device: Device, tried: Any, kinds: tuple[Any, ...]) -> list[dict[str, Any]]:
    """What its keeper may do with it, each with its form."""
    return [
        {
            "label": label,
            "url": reverse(route, args=[device.public_id]),
            "form": tried if isinstance(tried, form) else form(device=device, user=user),
            "danger": danger,
            "tried": isinstance(tried, form),
        }
        for form, route, label, danger in kinds
    ]


def _files(user: Any, device: Device, keeps: bool) -> list[dict[str, Any]]:
    """Its files as the component shows them."""
    rows = DeviceFile.objects.visible_to(user).filter(device=device).order_by("-pk")

    def address(name: str, file: DeviceFile) -> str:
        return reverse(f"devices:{name}", args=[device.public_id, file.public_id])

    return [
        {
            "name": file.name,
            "url": address("file", file),
            "size": file.size,
            "kind": "image" if file.content_type.startswith("image/") else "file",
            "at": file.created_at,
            "remove_url": address("file-remove", file) if keeps else "",
        }
        for file in rows
    ]


def _techniques(user: Any, device: Device) -> Any:
    """Techniques that need a device of this type."""
    links = TypeTechnique.objects.visible_to(user).filter(type=device.type_id)
    return links.select_related("technique").order_by("-need", "technique__code")


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
        (_label("type"), str(device.type)),
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
            (_label("retirement_note"), device.retirement_note),
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
    # By thousands, as accounts are kept here too; the locale would group by ten thousands.
    return "" if price is None else f"{price:,.2f}"


def _retirement(device: Device) -> str:
    return str(Retirement(device.retirement).label) if device.retirement else ""
