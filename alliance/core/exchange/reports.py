"""What a dry run found, in words that a page or a sheet can show and a JSON column can keep."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Model

from .headers import Header
from .kinds import Shown
from .plan import Change, Plan, Row, RowError
from .spec import Column, Table


def described(errors: Sequence[RowError], header: Header, table: Table) -> list[dict[str, Any]]:
    """Errors as people read them: row, the file's own name of the column, reason."""
    labels = {column.name: str(column.label) for column in table.columns}
    return [
        {
            "row": error.number,
            "column": header.titles.get(error.column) or labels.get(error.column, ""),
            "reason": error.message,
        }
        for error in errors
    ]


def sample(
    plan: Plan, table: Table, stored: Mapping[int, Model], size: int
) -> list[dict[str, Any]]:
    """The first new and the first changed rows: what they are called, before and after."""
    return [
        *(_new(row, table) for row in plan.new[:size]),
        *(_changed(change, table, stored[change.pk]) for change in plan.changed[:size]),
    ]


def _new(row: Row, table: Table) -> dict[str, Any]:
    return {"row": row.number, "kind": "added", "title": _title(row, table), "changes": []}


def _changed(change: Change, table: Table, instance: Model) -> dict[str, Any]:
    columns = [column for column in table.incoming if column.field in change.fields]
    changes = [
        {
            "column": str(column.label),
            "before": _words(column.show(instance)),
            "after": _after(column, change.row),
        }
        for column in columns
    ]
    title = _title(change.row, table)
    return {"row": change.row.number, "kind": "changed", "title": title, "changes": changes}


def _title(row: Row, table: Table) -> str:
    shown = [_after(column, row) for column in table.incoming if column.name in table.titled]
    return " ".join(word for word in shown if word)


def _after(column: Column, row: Row) -> str:
    return _words(column.kind.show(row.values.get(column.name)))


def _words(shown: Shown) -> str:
    if isinstance(shown, datetime):
        return f"{shown:%Y-%m-%d %H:%M}"
    return "" if shown is None else str(shown)
