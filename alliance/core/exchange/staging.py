"""Many rows into one table at once: by COPY into a staging table and one INSERT … ON CONFLICT, or,
where all are new, by one INSERT of arrays.

The ORM's bulk_create compiles every value of every row into the text of a statement; for the
47,000 rows of a national code table that alone takes longer than PostgreSQL needs for all of it.
"""

import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.db import connection, models
from django.db.models.expressions import DatabaseDefault

_STAGED = "exchange_staged_rows"
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
_NULL = "\\N"
# An array of them would cut what is too long, where text is refused by the column.
_TEXTS = (models.CharField, models.TextField)


def _column(field: Any) -> str:
    return str(connection.ops.quote_name(field.column))


def _array(values: Sequence[Any]) -> str:
    """Numbers or texts as PostgreSQL writes an array, every part in quotes."""
    parts = (str(value).replace("\\", "\\\\").replace('"', '\\"') for value in values)
    return "{" + ",".join(f'"{part}"' for part in parts) + "}"


class Stage:
    """A staging table shaped like some columns of a model, for the rest of the transaction."""

    def __init__(
        self, model: type[models.Model], *, key: Sequence[str], updated: Sequence[str]
    ) -> None:
        meta = model._meta
        self._fields = [
            field
            for field in meta.concrete_fields
            if not field.primary_key and (field.name in updated or not field.has_db_default())
        ]
        columns = ", ".join(_column(field) for field in self._fields)
        keys = ", ".join(_column(meta.get_field(name)) for name in key)
        changing = [_column(meta.get_field(name)) for name in updated]
        sets = ", ".join(f"{column} = EXCLUDED.{column}" for column in changing)
        table = connection.ops.quote_name(meta.db_table)
        # Names come from the models, never from a request.
        self._create = (
            f"CREATE TEMPORARY TABLE {_STAGED} ON COMMIT DROP AS"  # noqa: S608
            f" SELECT {columns} FROM {table} WITH NO DATA"
        )
        self._copy = f"COPY {_STAGED} FROM STDIN"
        self._merge = (
            f"INSERT INTO {table} ({columns}) SELECT {columns} FROM {_STAGED}"  # noqa: S608
            f" ON CONFLICT ({keys}) DO UPDATE SET {sets}"
        )

    def __enter__(self) -> "Stage":
        self._execute(f"DROP TABLE IF EXISTS {_STAGED}", self._create)
        return self

    def __exit__(self, kind: type[BaseException] | None, *rest: object) -> None:
        # After an error the transaction is void, and the table with it.
        if kind is None:
            self._execute(f"DROP TABLE {_STAGED}")

    def merge(self, instances: Iterable[models.Model]) -> None:
        """Insert the instances, or update the rows that hold their keys."""
        lines = io.StringIO()
        for instance in instances:
            values = (self._value(field, instance) for field in self._fields)
            lines.write("\t".join(values) + "\n")
        lines.seek(0)
        with connection.wrap_database_errors, connection.cursor() as cursor:
            cursor.copy_expert(self._copy, lines)
        self._execute(self._merge, f"TRUNCATE {_STAGED}")

    def _value(self, field: Any, instance: models.Model) -> str:
        """A field's value in the text format of COPY."""
        value = field.get_db_prep_save(field.pre_save(instance, add=True), connection)
        if value is None:
            return _NULL
        if isinstance(value, bool):
            return "t" if value else "f"
        if isinstance(value, list):
            return _array(value).translate(_ESCAPES)
        return value.isoformat() if isinstance(value, date) else str(value).translate(_ESCAPES)

    def _execute(self, *statements: str) -> None:
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)


def append(
    model: type[models.Model], rows: Sequence[Mapping[str, Any]], *, constants: Mapping[str, Any]
) -> list[int]:
    """Insert new rows, each column as one array; the keys of the rows.

    `rows`, of which there is one at least, have the same columns, `constants` are the same for all; what neither names is filled as
    the model would fill it, a public id by the database.
    """
    blank = model(**constants)
    arrays, columns, values, given = [], [], [], []
    for field in model._meta.concrete_fields:
        if field.attname in rows[0]:
            kind = "text" if isinstance(field, _TEXTS) else field.db_type(connection)
            arrays.append((_column(field), kind, [row[field.attname] for row in rows]))
        elif isinstance(field, models.UUIDField):
            columns.append(_column(field))
            values.append("gen_random_uuid()")
        elif not (field.primary_key or field.generated):
            value = field.pre_save(blank, add=True)
            if not isinstance(value, DatabaseDefault):
                columns.append(_column(field))
                values.append("%s")
                given.append(field.get_db_prep_save(value, connection))
    names = ", ".join(name for name, _kind, _values in arrays)
    staged = ", ".join(f"%s::{kind}[]" for _name, kind, _values in arrays)
    # Names come from the model, never from a request.
    statement = (
        f"INSERT INTO {connection.ops.quote_name(model._meta.db_table)}"  # noqa: S608
        f" ({', '.join([names, *columns])}) SELECT {', '.join([names, *values])}"
        f" FROM unnest({staged}) staged ({names}) RETURNING id"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [*given, *(array for _name, _kind, array in arrays)])
        return [row[0] for row in cursor.fetchall()]
