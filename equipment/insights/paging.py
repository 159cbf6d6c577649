"""A table on a page: in the order asked for, one page of it, and a picture of what it compares."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.http import HttpRequest

from alliance.core import columns
from alliance.core.listing import Listing, address, sliced

from . import presenters
from .presenters import Section

SIZE: Final = 20
_DRAWN: Final = 10


@dataclass(frozen=True, slots=True)
class Shown:
    """A table as a page shows it; `bars` are headers and rows of its picture, if there is one.

    Where a picture can say all that there is, it stands `alone`.
    """

    section: Section
    headers: list[dict[str, Any]]
    page: Listing[Any]
    bars: tuple[list[Any], list[Any]] | None

    @property
    def alone(self) -> bool:
        """A name and a number, and every row of the page drawn."""
        return self.bars is not None and len(self.headers) == len(self.bars[1][0])


def orders(request: HttpRequest) -> dict[str, str]:
    """By table: the column that the address asks for."""
    asked = {key: request.GET.get(_by(key), "") for key in presenters.TABLES}
    return {key: by for key, by in asked.items() if by}


def addressed(request: HttpRequest) -> dict[str, str]:
    """The same as words of an address, for the workbook."""
    return {_by(key): by for key, by in orders(request).items()}


def all_shown(request: HttpRequest, sections: Sequence[Section]) -> list[Shown]:
    """The tables of a page; what stands aside only if there is something."""
    return [shown(request, one) for one in sections if one.rows or not one.aside]


def shown(request: HttpRequest, section: Section) -> Shown:
    """The table with links that keep what else the address asks for."""
    key, by = section.key, orders(request).get(section.key, "")
    name, here = f"{key}_from", f"#{key}"
    headers = columns.headed(section.headers, by)
    for head in headers:
        if "by" in head:
            head["url"] = address(request, **{_by(key): head["by"], name: None}) + here
    whole = section.ordered(by)
    page = sliced(request, whole.rows, size=SIZE, name=name)
    earlier, later = (url and url + here for url in (page.previous_url, page.next_url))
    return Shown(section, headers, Listing(page.rows, earlier, later), _bars(whole, by, page.rows))


def _by(key: str) -> str:
    return f"{key}_by"


def _bars(
    section: Section, by: str, rows: Sequence[Sequence[Any]]
) -> tuple[list[Any], list[Any]] | None:
    """The first rows in the column ordered by, or else in the one they are usually compared by."""
    if not section.bars:
        return None
    asked = columns.column_of(section.headers, by)
    column = asked if asked is not None and _is_num(section.headers[asked]) else section.bars
    most = SIZE if len(section.headers) == 2 else _DRAWN
    drawn = [
        [_named(section, row), _drawn(row[column])]
        for row in rows[:most]
        if not isinstance(columns.value_of(row[column]), str)
    ]
    labels = [section.headers[0], section.headers[column]["label"]]
    return (labels, drawn) if len(drawn) > 1 else None


def _is_num(header: Any) -> bool:
    return isinstance(header, dict) and bool(header.get("num"))


def _named(section: Section, row: Sequence[Any]) -> str:
    cells = [one["text"] if isinstance(one, dict) else one for one in row[: section.names]]
    return section.joined.join(str(one) for one in cells)


def _drawn(cell: Any) -> dict[str, Any]:
    found = cell if isinstance(cell, dict) else {"text": cell, "value": cell}
    # What is below nothing has no length.
    return {**found, "value": max(0.0, float(found["value"]))}
