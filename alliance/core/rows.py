"""Rows of several tables, read by one statement that was written once.

For what every request asks: the ORM takes several times as long to make such a statement as the
database to answer it.
"""

from collections.abc import Iterator
from itertools import islice
from typing import Any, Generic, TypeVar

from django.db import connection
from django.db.models import Model

M = TypeVar("M", bound=Model)


class Columns(Generic[M]):
    """All columns of a model under an alias, and the rows made of their values."""

    def __init__(self, model: type[M], alias: str) -> None:
        fields = model._meta.concrete_fields
        self.model = model
        self.names = [field.attname for field in fields]
        self._key = fields.index(model._meta.pk)
        self.sql = ", ".join(f'{alias}."{field.column}"' for field in fields)
        self._made = [
            (place, convert)
            for place, field in enumerate(fields)
            for convert in field.get_db_converters(connection)
        ]

    def row(self, values: Iterator[Any]) -> M | None:
        """The row with the next of these values; None where an outer join found none."""
        found = list(islice(values, len(self.names)))
        if found[self._key] is None:
            return None
        for place, convert in self._made:
            found[place] = convert(found[place], None, connection)
        return self.model.from_db(connection.alias, self.names, found)
