"""Expressions of our own for queries."""

from collections.abc import Mapping
from typing import Any

from django.contrib.postgres.fields import DateTimeRangeField
from django.db.models import F, Func, IntegerField, JSONField, TextField, Value
from django.db.models.functions import Cast


def looked_up(table: Mapping[Any, Any], *paths: str) -> Cast:
    """A number of a table that Python knows, by the values at these paths of a row; else NULL.

    The table goes along with the statement, so that the database need not count the same for
    each of many rows; with two paths it holds tables.
    """
    keys = [Cast(F(path), TextField()) for path in paths]
    told = Func(
        Value(table, JSONField()),
        *keys,
        function="jsonb_extract_path_text",
        output_field=TextField(),
    )
    return Cast(told, IntegerField())


class MomentRange(Func):
    """`tstzrange(from, until)`, half-open, for exclusion constraints."""

    function = "TSTZRANGE"
    output_field = DateTimeRangeField()
