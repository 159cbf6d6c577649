"""Rows of several tables, read by one statement that was written once.

For what every request asks: the ORM takes several times as long to make such a statement as the
database to answer it.
"""

from collections.abc import Collection, Iterator
from itertools import islice
from typing import Any, Generic, TypeVar

from django.db import connection
from django.db.models import Model

M = TypeVar("M", bound=Model)


class Columns(Generic[M]):
    """The columns of a model under an alias (all, or `only` some), and the rows made of their values.

    What is left out of a row is read when somebody asks for it, as after `QuerySet.only()`.
    """

    def __init__(self, model: type[M], alias: str, only: Collection[str] = ()) -> None:
        every = model._meta.concrete_fields
        fields = [field for field in every if not only or field.attname in only]
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
