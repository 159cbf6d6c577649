"""The dry run: every line read, every error named by row, column and reason."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from typing import IO, Any

from django.utils.translation import gettext as _

from . import sources
from .files import Cell, Fault, FileRefused, Limits, Line, Number
from .headers import Header, match
from .kinds import Unreadable
from .plan import Plan, Row, RowError, resolve
from .spec import Column, Place, Table, example_marks, fold


@dataclass
class Reading:
    """What a file holds for a table: rows with their values, and the cells that do not fit.

    `partial` rows have such a cell; what could be read of them is looked at, so that all that is
    wrong with a row is told at once.
    """

    header: Header
    rows: list[Row] = field(default_factory=list)
    partial: list[Row] = field(default_factory=list)
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
        reading.partial.append(Row(line.number, values))
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
    errors = [*reading.errors, *_unknown(reading.partial, table), *plan.errors]
    plan.errors = sorted(errors, key=lambda error: error.number)
    return plan


def _unknown(rows: Sequence[Row], table: Table) -> Iterator[RowError]:
    """Words in rows with an unreadable cell that name nothing that is known."""
    for column in table.incoming:
        if rows and column.among is not None:
            yield from resolve(rows, column.name, column.among())
