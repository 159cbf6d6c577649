"""A table with what its columns mean, and the cells that tables are made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

SHOWN = 20


@dataclass(frozen=True, slots=True)
class Section:
    """A table; cells are texts, numbers or {text, value, url}.

    `terms` are its words and how each is counted; `key` names it in addresses.
    """

    key: str
    title: str
    terms: Sequence[tuple[str, str]]
    headers: Sequence[Any]
    rows: Sequence[Sequence[Any]]
    empty: str

    @property
    def shown(self) -> Sequence[Sequence[Any]]:
        """What a page shows of it; the workbook has all."""
        return self.rows[:SHOWN]

    @property
    def more(self) -> str:
        """What the page leaves out."""
        if len(self.rows) <= SHOWN:
            return ""
        numbers = {"shown": SHOWN, "all": len(self.rows)}
        return _("The first %(shown)s of %(all)s.") % numbers


def num(label: str) -> dict[str, Any]:
    """The head of a column of numbers."""
    return {"label": label, "num": True}


def of_device(device: Any) -> dict[str, Any]:
    """A device, with the way to it."""
    name = f"{device.name} {device.asset_number}"
    return {"text": name, "value": name, "url": reverse("devices:device", args=[device.public_id])}


def hours(count: float) -> dict[str, Any]:
    """Hours to a tenth."""
    return {"text": f"{count:,.1f}", "value": round(count, 1)}


def money(amount: Any) -> dict[str, Any]:
    """Yuan and fen."""
    return {"text": f"{amount:,.2f}", "value": amount}


def percent(share: float) -> dict[str, Any]:
    """A share in per cent; below ten, to a tenth, so that little does not look like nothing."""
    value = round(100 * share, 1 if share < 0.1 else 0)
    return {"text": f"{value:g}%" if value or not share else "<0.1%", "value": value}


def linked(number: int, url: str) -> Any:
    """A number that opens its rows."""
    return {"text": number, "value": number, "url": url} if number else number
