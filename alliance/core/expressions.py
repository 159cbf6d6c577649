"""Expressions of our own for queries."""

from collections.abc import Mapping
from typing import Any

from django.contrib.postgres.fields import DateTimeRangeField
from django.db.models import DateTimeField, F, Func, IntegerField, JSONField, TextField, Value
from django.db.models.functions import Cast
from django.utils import timezone


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


class Midnight(Func):
    """The moment at which a day begins here, or the day so many later; a date by its expression."""

    template = "((%(expressions)s + %(days)s)::timestamp AT TIME ZONE '%(zone)s')"
    output_field = DateTimeField()

    def __init__(self, day: Any, *, days: int = 0, **more: Any) -> None:
        zone = timezone.get_default_timezone_name()
        super().__init__(day, **{"days": days, "zone": zone, **more})
