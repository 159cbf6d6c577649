"""The rows of a table that was read as a whole, in the order of the column that is asked for.

A column is asked for by its number, with `-` for the other way round. Headers are the component
table's: texts, or mappings of `label` and `num`; one with `sort` False is not ordered by.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from .pinyin import initials

_ASKED = re.compile(r"-?[0-9]{1,2}", re.ASCII)


def column_of(headers: Sequence[Any], by: str) -> int | None:
    """The column that is asked for; None for what is none."""
    if not _ASKED.fullmatch(by):
        return None
    column = int(by.lstrip("-"))
    return column if column < len(headers) and _sorts(headers[column]) else None


def ordered(
    headers: Sequence[Any], rows: Sequence[Sequence[Any]], by: str
) -> Sequence[Sequence[Any]]:
    """The rows by that column, as they came where none is asked for.

    Among numbers and days, a word ("never") comes last whichever way round.
    """
    column = column_of(headers, by)
    if column is None:
        return rows
    turned = by.startswith("-")
    values = [(value_of(row[column]), row) for row in rows]
    known = [pair for pair in values if not isinstance(pair[0], str)]
    if not known:
        return [row for _text, row in sorted(values, key=_as_words, reverse=turned)]
    known.sort(key=lambda pair: pair[0], reverse=turned)
    return [row for _value, row in known] + [row for value, row in values if isinstance(value, str)]


def headed(headers: Sequence[Any], by: str) -> list[dict[str, Any]]:
    """The headers with how they are ordered now and what each asks for next, as `by`.

    Numbers begin with the largest, words with the first.
    """
    present = column_of(headers, by)
    found = []
    for column, header in enumerate(headers):
        head = dict(header) if isinstance(header, Mapping) else {"label": header}
        if _sorts(head):
            up, down = str(column), f"-{column}"
            first, second = (down, up) if head.get("num") else (up, down)
            head["by"] = second if column == present and by == first else first
            if column == present:
                head["order"] = "descending" if by.startswith("-") else "ascending"
        found.append(head)
    return found


def value_of(cell: Any) -> Any:
    """What a cell counts for."""
    return cell["value"] if isinstance(cell, Mapping) else cell


def _sorts(header: Any) -> bool:
    return not isinstance(header, Mapping) or bool(header.get("sort", True))


def _as_words(pair: tuple[str, Any]) -> tuple[str, str]:
    """By pinyin, as a Chinese reader looks words up."""
    return initials(pair[0]), pair[0]
