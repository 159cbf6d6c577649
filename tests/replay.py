"""A first state that most tests begin with is built once a process and then laid down again by COPY.

Building the cast takes a hundred statements; laying its rows down again takes a dozen. Ids stay the
same: sequences went past them when the rows were first made, and are never set back.
"""

import io
import pickle
from collections.abc import Callable
from typing import Any

from django.apps import apps
from django.db import connection, transaction
from time_machine import escape_hatch

_kept: dict[Callable[[], Any], tuple[bytes, list[tuple[str, str]]]] = {}


def again(build: Callable[[], Any], *, is_clear: Callable[[], bool]) -> Any:
    """What `build` makes: really built the first time, or where `is_clear` says that rows stand."""
    if not is_clear():
        return build()
    if build not in _kept:
        before = {table: _last(table) for table in _tables()}
        made = build()
        if escape_hatch.is_travelling():  # born at another time than the next test's
            return made
        _kept[build] = (
            pickle.dumps(made),
            [(table, rows) for table, last in before.items() if (rows := _rows(table, last))],
        )
        return made
    known, tables = _kept[build]
    # In one transaction: only at its end must every row find those it points to.
    with transaction.atomic(), connection.cursor() as cursor:
        # Backwards: what hangs on a row that shuts once it stands comes in before it.
        for table, rows in reversed(tables):
            columns = ", ".join(_columns(table))
            cursor.copy_expert(f"COPY {table} ({columns}) FROM STDIN", io.StringIO(rows))
    return pickle.loads(known)  # noqa: S301 - written above


def _tables() -> dict[str, Any]:
    models = apps.get_models(include_auto_created=True)
    return {model._meta.db_table: model for model in models if model._meta.managed}


def _columns(table: str) -> list[str]:
    fields = _tables()[table]._meta.concrete_fields
    return [f'"{field.column}"' for field in fields if not field.generated]


def _key(table: str) -> Any:
    return _tables()[table]._meta.pk


def _last(table: str) -> int | None:
    """The highest number of a table so far; None where rows are not numbered."""
    if _key(table).get_internal_type() not in ("AutoField", "BigAutoField"):
        return None
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT COALESCE(max({_key(table).column}), 0) FROM {table}")  # noqa: S608
        found: int = cursor.fetchone()[0]
    return found


def _rows(table: str, last: int | None) -> str:
    """What was added to a table, as COPY writes it."""
    if last is None:
        return ""
    columns, said = ", ".join(_columns(table)), io.StringIO()
    chosen = f"SELECT {columns} FROM {table} WHERE {_key(table).column} > {last:d}"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.copy_expert(f"COPY ({chosen}) TO STDOUT", said)
    return said.getvalue()
