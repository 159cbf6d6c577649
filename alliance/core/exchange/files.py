"""What every kind of file becomes: lines of text cells, with a sentence for what is wrong."""

from dataclasses import dataclass
from typing import Any

MAX_COLUMNS = 200
MAX_LINES = 1_048_576  # what a sheet of .xlsx can hold


class FileRefused(Exception):
    """The file as a whole cannot be read; the message says why and what to do."""

    def __init__(self, message: Any, *, line: int | None = None) -> None:
        super().__init__(message)
        self.message, self.line = message, line


@dataclass(frozen=True)
class Fault:
    """A cell that the file itself holds wrongly, such as a formula without a result."""

    message: str


class Number(str):
    """Text of a number cell without a format of its own: zeros before and after are lost."""

    __slots__ = ()


Cell = str | Fault


@dataclass(frozen=True)
class Limits:
    """How large a file may be: bytes as sent, bytes unpacked, rows below the header."""

    max_bytes: int
    max_unpacked: int
    max_rows: int


@dataclass(slots=True)
class Line:
    """One line of cells and its number as a spreadsheet shows it."""

    number: int
    cells: list[Cell]


def has_content(cells: list[Cell]) -> bool:
    """Whether any cell of a line holds something."""
    return any(isinstance(cell, Fault) or cell.strip() for cell in cells)
