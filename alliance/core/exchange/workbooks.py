"""Workbooks (.xlsx): looked at before unpacking, read row by row, numbers and dates as text."""

import re
import zipfile
import zlib
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, time
from itertools import repeat
from typing import IO, Any
from xml.etree.ElementTree import ParseError

import openpyxl
from django.utils.translation import gettext as _
from openpyxl.utils.exceptions import InvalidFileException

from .files import (
    MAX_COLUMNS,
    MAX_LINES,
    Cell,
    Fault,
    FileRefused,
    Limits,
    Line,
    Number,
    has_content,
)
from .guard import unguard

MAX_PARTS = 2000
_EXACT_DIGITS = 15  # a number cell holds no more; the rest has become zeros
_ZEROS = re.compile(r"(0+)(?:\.(0+))?")
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s>/]")
_BLOCK = 1_048_576
# What openpyxl, zipfile and expat raise on a file that was damaged or made up.
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    ParseError,
    InvalidFileException,
    NotImplementedError,
    ArithmeticError,
    AttributeError,
    EOFError,
    LookupError,
    OSError,
    RuntimeError,
    TypeError,
    ValueError,
)


@contextmanager
def _readable() -> Iterator[None]:
    try:
        yield
    except _BROKEN as error:
        message = _("The Excel file is damaged. Open it in Excel, save it again and upload that.")
        raise FileRefused(message) from error


def inspect(file: IO[bytes], limits: Limits) -> None:
    """Refuse a file that would unpack to too much, hides entities, or is no workbook."""
    file.seek(0)
    with _readable(), zipfile.ZipFile(file) as archive:
        parts = archive.infolist()
        if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > limits.max_unpacked:
            raise FileRefused(_("The Excel file unpacks to too much. Save only the table in it."))
        if "xl/workbook.xml" not in archive.namelist():
            raise FileRefused(_("This is not an Excel workbook. Save it as .xlsx or as CSV."))
        for part in parts:
            if part.filename.endswith((".xml", ".rels")) and _declares_entities(archive, part):
                raise FileRefused(_("The Excel file holds unsafe content."))


def _declares_entities(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> bool:
    with archive.open(part) as stream:
        return b"<!DOCTYPE" in stream.read(_BLOCK)


def read(file: IO[bytes], limits: Limits) -> Generator[Line, None, None]:
    """The lines of the first sheet that hold anything."""
    inspect(file, limits)
    with _readable():
        values = _rows(file, results=True)
        formulas = _rows(file, results=False) if _has_formulas(file) else repeat(None)
        width = 0
        for number, (cells, sources) in enumerate(zip(values, formulas, strict=False), start=1):
            width = width or _width(cells, number)
            line = [_cell(*pair) for pair in _pairs(cells[:width], sources)]
            if has_content(line):
                yield Line(number, line)


def _width(cells: tuple[Any, ...], number: int) -> int:
    """How many columns the header has; zero where the line holds nothing."""
    filled = [index for index, cell in enumerate(cells, start=1) if cell.value is not None]
    width = filled[-1] if filled else 0
    if width > MAX_COLUMNS:
        raise FileRefused(_("This is not a table of rows and columns."), line=number)
    return width


def _rows(file: IO[bytes], *, results: bool) -> Iterator[tuple[Any, ...]]:
    """Cells of the first sheet, with the results of formulas or with the formulas themselves.

    The sheet's own word about its size is not believed: a lie would cost a million empty cells.
    """
    workbook = openpyxl.load_workbook(file, read_only=True, data_only=results, keep_links=False)
    sheet = workbook.worksheets[0]
    sheet.reset_dimensions()
    yield from sheet.iter_rows(max_row=MAX_LINES, max_col=MAX_COLUMNS + 1)


def _has_formulas(file: IO[bytes]) -> bool:
    file.seek(0)
    with zipfile.ZipFile(file) as archive:
        names = [name for name in archive.namelist() if name.startswith("xl/worksheets/")]
        return any(_holds_formula(archive, name) for name in names)


def _holds_formula(archive: zipfile.ZipFile, name: str) -> bool:
    tail = b""
    with archive.open(name) as stream:
        while block := stream.read(_BLOCK):
            if _FORMULA.search(tail + block):
                return True
            tail = block[-64:]
    return False


def _pairs(cells: Iterable[Any], sources: Iterable[Any] | None) -> Iterator[tuple[Any, Any]]:
    return zip(cells, repeat(None) if sources is None else sources, strict=False)


def _cell(cell: Any, source: Any) -> Cell:
    """One cell as text; what Excel itself holds wrongly becomes a Fault."""
    value = cell.value
    if value is None:
        if source is not None and source.data_type == "f":
            return Fault(_("This formula has no result. Paste its value instead."))
        return ""
    if cell.data_type == "e":
        return Fault(_("Excel shows an error in this cell: %(error)s.") % {"error": value})
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, int | float):
        return _number(value, cell.number_format or "")
    if isinstance(value, datetime) and value.time() == time.min and not _has_hours(cell):
        return value.date().isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    return unguard(str(value))


def _has_hours(cell: Any) -> bool:
    """Whether a cell shows the time of day, be it midnight."""
    return "h" in (cell.number_format or "").lower()


def _number(value: float, shown_as: str) -> Cell:
    """A number as its cell shows it where the format is all zeros (0000 shows 301 as 0301)."""
    zeros = _ZEROS.fullmatch(shown_as)
    if zeros and shown_as != "0":
        whole, decimals = len(zeros[1]), len(zeros[2] or "")
        return f"{value:0{whole + decimals + (1 if decimals else 0)}.{decimals}f}"
    if abs(value) >= 10**_EXACT_DIGITS:
        return Fault(
            _("Excel has rounded this long number. Format the column as text and type it again.")
        )
    return Number(int(value) if value == int(value) else repr(value))
