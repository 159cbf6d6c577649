"""Take the numbers out; the ledger says who did."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import IO, Any, Final

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.utils.dates import WEEKDAYS
from openpyxl import Workbook

from alliance.core import ledger
from alliance.core.exchange import settings
from alliance.core.exchange.sheets import Percent, Sheet
from alliance.core.transactions import one_transaction
from equipment.bookings.models import BookingRefusal

from . import policies, presenters
from .presenters import Section
from .scope import Scope

_AS_THEY_COME: Final[Mapping[str, str]] = MappingProxyType({})


@one_transaction
def export(
    *,
    scope: Scope,
    by: Any,
    only: str = "",
    orders: Mapping[str, str] = _AS_THEY_COME,
    refused: QuerySet[BookingRefusal] | None = None,
) -> IO[bytes]:
    """A workbook with the heat map and every table, each with its words; or `only` one of them.

    `orders` says by table which column its rows are ordered by, as the page has them;
    `refused` are bookings to be listed instead, newest first.
    """
    if not policies.may_export(by):
        raise PermissionDenied
    most = settings.value("export.max_rows", on=scope.on)
    book = Workbook(write_only=True)
    if refused is None:
        tables = sections(scope, only=only)
    else:
        tables = iter([presenters.refused(refused.order_by("-at", "-pk")[:most])])
    count = sum(_section(book, one.ordered(orders.get(one.key, "")), most) for one in tables)
    ledger.record(
        "export.done",
        by=by,
        subject=by,
        institution_id=scope.place.institution_id,
        table="insights",
        rows=count,
        **({"sheet": only} if only else {}),
    )
    file = tempfile.TemporaryFile()  # noqa: SIM115 (the response closes it)
    book.save(file)
    file.seek(0)
    return file


def sections(scope: Scope, *, only: str = "") -> Iterator[Section]:
    """Every table, or the one of that name; only the reports that hold it are counted."""
    if only in ("", "heat"):
        yield presenters.heat(scope, [str(WEEKDAYS[day]) for day in range(7)]).section
    for keys, make in presenters.REPORTS.values():
        if not only or only in keys:
            yield from (one for one in make(scope) if only in ("", one.key))


def _cell(cell: Any) -> Any:
    """What Excel counts with; a share keeps the sign without which it is a number of something."""
    if not isinstance(cell, dict):
        return cell
    value = cell["value"]
    return Percent(value) if str(cell["text"]).endswith("%") else value


def _section(book: Workbook, section: Section, most: int) -> int:
    """One sheet, with what its words mean below; the number of its rows."""
    labels = [one["label"] if isinstance(one, dict) else one for one in section.headers]
    sheet = Sheet(book, section.title[:31], [30, *[18] * (len(labels) - 1)])
    sheet.head(labels)
    for row in section.rows[:most]:
        sheet.row([_cell(cell) for cell in row])
    for word, meaning in section.terms:
        sheet.row([word, meaning])
    return min(len(section.rows), most)
