"""Take the numbers out; the ledger says who did."""

from __future__ import annotations

import tempfile
from typing import IO, Any

from django.core.exceptions import PermissionDenied
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from openpyxl import Workbook

from alliance.core import ledger
from alliance.core.exchange import settings
from alliance.core.exchange.sheets import Sheet
from alliance.core.transactions import one_transaction

from . import policies, presenters, selectors
from .presenters import Section
from .scope import Scope


@one_transaction
def export(*, scope: Scope, by: Any) -> IO[bytes]:
    """A workbook with the heat map and every table, each under its formula."""
    if not policies.may_export(by):
        raise PermissionDenied
    most = settings.value("export.max_rows", on=scope.on)
    book = Workbook(write_only=True)
    _heat(book, scope)
    count = 0
    for make in presenters.REPORTS.values():
        for section in make(scope):
            count += _section(book, section, most)
    ledger.record(
        "export.done",
        by=by,
        subject=by,
        institution_id=scope.place.institution_id,
        table="insights",
        rows=count,
    )
    file = tempfile.TemporaryFile()  # noqa: SIM115 (the response closes it)
    book.save(file)
    file.seek(0)
    return file


def _heat(book: Workbook, scope: Scope) -> None:
    sheet = Sheet(book, _("Heat map"), [10, *[10] * 7])
    sheet.head([_("Hour"), *(str(WEEKDAYS[day]) for day in range(7))])
    for row in selectors.heat_map(scope):
        sheet.row([row.hour, *(cell.percent for cell in row.cells)])
    sheet.row([presenters.heat_formula(scope)])


def _section(book: Workbook, section: Section, most: int) -> int:
    """One sheet; the number of its rows."""
    labels = [one["label"] if isinstance(one, dict) else one for one in section.headers]
    sheet = Sheet(book, section.title[:31], [30, *[18] * (len(labels) - 1)])
    sheet.head(labels)
    for row in section.rows[:most]:
        sheet.row([cell["value"] if isinstance(cell, dict) else cell for cell in row])
    sheet.row([section.formula])
    return min(len(section.rows), most)
