"""The header line: which column of the file is which column of the table."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from .files import Cell, Fault, FileRefused, Line
from .spec import Column, Table, fold


@dataclass(frozen=True)
class Header:
    """The columns of a file in order (None: not of this table), and how the file calls them."""

    columns: list[Column | None]
    titles: dict[str, str]
    unknown: list[str]


def match(line: Line, table: Table) -> Header:
    """Read the header line; raises FileRefused when it cannot be this table."""
    meaning = {title: column for column in table.columns for title in column.titles()}
    columns: list[Column | None] = []
    titles: dict[str, str] = {}
    unknown: list[str] = []
    for cell in line.cells:
        title = _title(cell)
        column = meaning.get(fold(title)) if title else None
        if column is None:
            unknown += [title[:40]] if title else []
        elif column.name in titles:
            raise FileRefused(_twice(titles[column.name], title), line=line.number)
        else:
            titles[column.name] = title
        columns.append(column if column and not column.shown_only else None)
    _complete(table, titles, line.number)
    return Header(columns, titles, unknown)


def _title(cell: Cell) -> str:
    return "" if isinstance(cell, Fault) else " ".join(cell.split())


def _twice(first: str, second: str) -> str:
    message = _("The columns “%(first)s” and “%(second)s” mean the same. Remove one.")
    return message % {"first": first, "second": second}


def _complete(table: Table, titles: dict[str, str], line: int) -> None:
    missing = [column for column in table.incoming if column.required and column.name not in titles]
    if missing:
        names = _list(missing)
        if len(missing) == len([column for column in table.incoming if column.required]):
            message = _("The first line must hold the column names, at least: %(names)s.")
        else:
            message = _("These columns are missing: %(names)s.")
        raise FileRefused(message % {"names": names}, line=line)


def _list(columns: Sequence[Column]) -> str:
    return ", ".join(str(column.label) for column in columns)
