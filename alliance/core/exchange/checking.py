"""The dry run: every line read, every error named by row, column and reason."""

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from typing import IO, Any

from django.utils.translation import gettext as _

from . import sources
from .files import Cell, Fault, FileRefused, Limits, Line, Number
from .headers import Header, match
from .kinds import Unreadable
from .plan import Plan, Row, RowError
from .spec import Column, Place, Table, example_marks, fold


@dataclass
class Reading:
    """What a file holds for a table: rows with their values, and the cells that do not fit."""

    header: Header
    rows: list[Row] = field(default_factory=list)
    errors: list[RowError] = field(default_factory=list)


def read(file: IO[bytes], table: Table, limits: Limits, progress: Callable[[int], None]) -> Reading:
    """Read all rows; a row with a wrong cell is kept out of `rows`."""
    with closing(sources.read(file, limits)) as lines:
        reading = Reading(match(next(lines), table))
        for count, line in enumerate(lines, start=1):
            if not _is_example(line):
                _take(line, reading)
            progress(count)
    if not reading.rows and not reading.errors:
        raise FileRefused(_("There are no rows below the header."))
    return reading


def _is_example(line: Line) -> bool:
    first = line.cells[0] if line.cells else ""
    return isinstance(first, str) and fold(first).startswith(example_marks())


def _take(line: Line, reading: Reading) -> None:
    values: dict[str, Any] = {}
    errors = []
    for column, cell in _cells(line, reading.header):
        try:
            values[column.name] = _value(column, cell)
        except Unreadable as wrong:
            errors.append(RowError(line.number, column.name, str(wrong.message)))
    if errors:
        reading.errors += errors
    else:
        reading.rows.append(Row(line.number, values))


def _cells(line: Line, header: Header) -> Iterator[tuple[Column, Cell]]:
    """The cells that matter; a line that stops early has empty cells at its end."""
    for index, column in enumerate(header.columns):
        if column is not None:
            yield column, line.cells[index] if index < len(line.cells) else ""


def _value(column: Column, cell: Cell) -> Any:
    if isinstance(cell, Fault):
        raise Unreadable(cell.message)
    if not cell.strip():
        if column.required:
            raise Unreadable(_("This cell must not be empty."))
        return column.kind.empty
    if column.kind.exact and isinstance(cell, Number):
        message = _(
            "Excel holds this code as the number %(number)s, so zeros may be lost. "
            "Format the column as text and type the code again."
        )
        raise Unreadable(message % {"number": cell})
    return column.kind.read(cell)


def examine(reading: Reading, table: Table, *, by: Any, place: Place) -> Plan:
    """What bringing the rows in would do now, with the errors of cells and of rows together."""
    plan = table.plan(reading.rows, by=by, place=place)
    plan.errors = sorted([*reading.errors, *plan.errors], key=lambda error: error.number)
    return plan
