"""Workbooks that go out: rows of a table, an empty template, the errors of an import."""

import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import IO, Any

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from .guard import guard
from .kinds import Day, Moment, Shown
from .spec import EXAMPLE, Column, Table

_HEAD = Font(bold=True)
_FAINT = Font(italic=True, color="808080")
_FILL = PatternFill("solid", fgColor="E6F0F2")
_WRAP = Alignment(wrap_text=True, vertical="top")
_TEXT = "@"
_MOMENT, _PERCENT = "yyyy-mm-dd hh:mm", "0.0%"
_WIDTHS = (10, 40)
# Excel shows a row of # where a date does not fit.
_DATE_WIDTHS = {Day: 12, Moment: 18}


@dataclass(frozen=True, slots=True)
class Percent:
    """A share out of a hundred, for a cell that Excel shows with its sign and counts with."""

    value: float


class Sheet:
    """One sheet of a workbook that is written row by row, never held whole."""

    def __init__(self, book: Workbook, title: str, widths: Sequence[int]) -> None:
        self._sheet = book.create_sheet(title)
        for index, width in enumerate(widths, start=1):
            column = self._sheet.column_dimensions[get_column_letter(index)]
            # What people type below stays text, so that Excel leaves the zeros of a code alone.
            column.width, column.number_format = width, _TEXT
        self._sheet.freeze_panes = "A2"

    def head(self, titles: Iterable[str]) -> None:
        """The header line."""
        self.dressed(titles, font=_HEAD, fill=_FILL)

    def row(self, cells: Iterable[Shown | Percent]) -> None:
        """One row; words stay words, whatever they begin with."""
        self._sheet.append(
            [
                self._dressed(cell, {}) if isinstance(cell, datetime | Percent) else _plain(cell)
                for cell in cells
            ]
        )

    def dressed(self, cells: Iterable[Shown], **style: Any) -> None:
        """One row that looks different."""
        self._sheet.append([self._dressed(cell, style) for cell in cells])

    def _dressed(self, shown: Shown | Percent, style: dict[str, Any]) -> Any:
        if isinstance(shown, Percent):
            cell = WriteOnlyCell(self._sheet, value=shown.value / 100)
            cell.number_format = _PERCENT
            return cell
        cell = WriteOnlyCell(self._sheet, value=_plain(shown))
        if isinstance(shown, datetime):
            cell.number_format = _MOMENT
        for name, value in style.items():
            setattr(cell, name, value)
        return cell


def _plain(shown: Shown) -> Shown:
    if not isinstance(shown, str):
        return shown
    return guard(ILLEGAL_CHARACTERS_RE.sub("", shown)) or None


def _saved(book: Workbook) -> IO[bytes]:
    """The finished workbook as a file without a name, ready to be sent."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 (the response closes it)
    book.save(file)
    file.seek(0)
    return file


def table_sheet(table: Table, rows: Iterable[Any]) -> IO[bytes]:
    """Rows of the database under headers that an import understands."""
    book = Workbook(write_only=True)
    sheet = Sheet(book, str(table.label)[:31], [_width(column) for column in table.columns])
    sheet.head(str(column.label) for column in table.columns)
    for row in rows:
        sheet.row(column.show(row) for column in table.columns)
    return _saved(book)


def template(table: Table) -> IO[bytes]:
    """Headers, an example that an import leaves out, and a sheet that explains each column."""
    book = Workbook(write_only=True)
    columns = table.incoming
    sheet = Sheet(book, str(table.label)[:31], [_width(column) for column in columns])
    sheet.head(_marked(column) for column in columns)
    first, *others = [column.example_cell for column in columns]
    sheet.dressed([f"{EXAMPLE}{first}", *others], font=_FAINT)
    _notes(Sheet(book, _("How to fill it in"), (24, 10, 60)), columns)
    return _saved(book)


def _notes(notes: Sheet, columns: Sequence[Column]) -> None:
    notes.head([_("Column"), _("required"), _("What to write")])
    for column in columns:
        words = " ".join(part for part in (column.kind.note(), str(column.note)) if part)
        required = _("yes") if column.required else ""
        notes.dressed([str(column.label), required, words], alignment=_WRAP)
    for sentence in (
        _("A row whose key is known already changes that entry; any other adds one."),
        _("A column that is left out changes nothing; an empty cell empties the field."),
        _("The row that begins with “Example:” is left out; delete it or leave it."),
    ):
        notes.dressed([None, None, sentence], alignment=_WRAP)


def errors_sheet(errors: Iterable[dict[str, Any]]) -> IO[bytes]:
    """The errors of an import, to be mended beside the file."""
    book = Workbook(write_only=True)
    sheet = Sheet(book, _("Errors"), (10, 24, 80))
    sheet.head([_("Row"), _("Column"), _("What is wrong")])
    for error in errors:
        sheet.dressed([error["row"], error["column"], error["reason"]], alignment=_WRAP)
    return _saved(book)


def _marked(column: Column) -> str:
    return f"{column.label}*" if column.required else str(column.label)


def _width(column: Column) -> int:
    low, high = _DATE_WIDTHS.get(type(column.kind), _WIDTHS[0]), _WIDTHS[1]
    return max(low, min(high, 2 * max(len(str(column.label)), len(column.example)) + 2))
