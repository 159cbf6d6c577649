"""A table with what its columns mean, and the cells that tables are made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.urls import reverse

from alliance.core import columns


@dataclass(frozen=True, slots=True)
class Section:
    """A table; cells are texts, numbers or {text, value, url}.

    `lead` says in a sentence what its order is about; `terms` are its words and how each is counted;
    `key` names it in addresses. `bars` is the column
    that a picture compares (0: none), unless another one of numbers is ordered by; the first
    `names` columns say what a row is. One that is `aside` is not shown without rows.
    """

    key: str
    title: str
    terms: Sequence[tuple[str, str]]
    headers: Sequence[Any]
    rows: Sequence[Sequence[Any]]
    empty: str
    bars: int = 0
    names: int = 1
    joined: str = " · "
    aside: bool = False
    lead: str = ""

    def ordered(self, by: str) -> Section:
        """The same table by a column, for pages and for the workbook."""
        return replace(self, rows=columns.ordered(self.headers, self.rows, by))


def num(label: str) -> dict[str, Any]:
    """The head of a column of numbers."""
    return {"label": label, "num": True}


def sum_(label: str) -> dict[str, Any]:
    """The head of a column that says how a number comes about: nothing to order by."""
    return {"label": label, "num": True, "sort": False}


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
