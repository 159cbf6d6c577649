"""Pages by keyset: a page costs the same at row 50 and at row 5,000,000.

A list may be the union of several branches (sent by me, received by me). Each branch is an
index range read in order and cut at one page; the cut branches are merged. One OR over both
columns would read and sort everything ever sent or received.

A cursor names the last row seen by its value and primary key, and the ordering it belongs to. It
comes back from outside, so it is read like any other input: a cursor of another ordering, or one
whose value is not of the column's type, is refused and never reaches the database.
"""

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Generic, TypeVar

from django.db import models
from django.db.models import Model, Q, QuerySet
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _

from .errors import BadCursor

M = TypeVar("M", bound=Model)

_LARGEST = 2**63 - 1
_LONGEST = 500


@dataclass(frozen=True)
class Page(Generic[M]):
    """Rows of one page and the cursors of its neighbours (None where there is none)."""

    rows: list[M]
    next: str | None
    previous: str | None


@dataclass(frozen=True)
class Cursor:
    """Where a page starts: after the row with `value` and `pk`, or before it when `backward`."""

    ordering: str
    value: Any
    pk: int
    backward: bool = False

    def encode(self) -> str:
        """The opaque text that callers hand back."""
        value = self.value.isoformat() if isinstance(self.value, date) else self.value
        raw = json.dumps([self.ordering, value, self.pk, int(self.backward)], ensure_ascii=False)
        return base64.urlsafe_b64encode(raw.encode()).decode().rstrip("=")


def decode(text: str, *, ordering: str, field: "models.Field[Any, Any]") -> Cursor:
    """Read a cursor of this ordering back; raises BadCursor for anything `encode` did not make."""
    try:
        padded = text + "=" * (-len(text) % 4)
        parts = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        made_for, value, pk, backward = parts
        cursor = Cursor(made_for, _typed(field, value), _whole(pk), bool(backward))
    except (ValueError, TypeError, binascii.Error, UnicodeError, RecursionError) as error:
        raise BadCursor(
            "bad_cursor", _("This page link is broken. Start again from the first page.")
        ) from error
    if cursor.ordering != ordering:
        raise BadCursor("bad_cursor", _("This page link belongs to another order."))
    return cursor


def _typed(field: "models.Field[Any, Any]", value: Any) -> Any:
    """The value as the column holds it; ValueError or TypeError when it cannot be one of its."""
    if isinstance(field, models.DateTimeField):
        moment = parse_datetime(value)
        if moment is None or moment.tzinfo is None:
            raise ValueError("not a moment")
        return moment
    if isinstance(field, models.DateField):
        day = parse_date(value)
        if day is None:
            raise ValueError("not a date")
        return day
    if isinstance(field, models.IntegerField):
        return _whole(value)
    if not isinstance(value, str) or "\0" in value or len(value) > _LONGEST:
        raise ValueError("not a text")
    value.encode()  # a lone surrogate has no place in the database
    return value


def _whole(value: Any) -> int:
    if type(value) is not int or abs(value) > _LARGEST:
        raise ValueError("not a whole number")
    return value


def paginate(
    branches: Sequence[QuerySet[M]],
    *,
    into: QuerySet[M],
    ordering: str,
    cursor: str | None,
    size: int,
) -> Page[M]:
    """Read one page.

    `branches` are disjoint or overlapping ranges of one model; `into` is the queryset (with its
    select_related) that loads the chosen rows; `ordering` is one column, or annotation of all of
    them, that is never null, with `-` for descending; ties are broken by primary key in the same
    direction.
    """
    column, descending = ordering.lstrip("-"), ordering.startswith("-")
    start = None
    if cursor:
        start = decode(cursor, ordering=ordering, field=_field(into, column))
    backward = bool(start and start.backward)
    downward = descending != backward
    keys = _keys(branches, column, downward, start, size + 1)
    more, keys = len(keys) > size, keys[:size]
    if backward:
        keys.reverse()
    found = {row.pk: row for row in into.filter(pk__in=[pk for _value, pk in keys])} if keys else {}
    rows = [found[pk] for _value, pk in keys if pk in found]
    return Page(rows, *_neighbours(keys, ordering, more, backward, start is not None))


def _field(queryset: QuerySet[M], column: str) -> "models.Field[Any, Any]":
    """What the ordering column holds."""
    annotation = queryset.query.annotations.get(column)
    if annotation is not None:
        return annotation.output_field
    options = queryset.model._meta
    field: Any = options.pk if column == "pk" else options.get_field(column)
    # A generated column holds what it is computed to.
    held: models.Field[Any, Any] = getattr(field, "output_field", field)
    return held


def _keys(
    branches: Sequence[QuerySet[M]],
    column: str,
    downward: bool,
    start: Cursor | None,
    limit: int,
) -> list[tuple[Any, int]]:
    """The first `limit` (value, pk) pairs of all branches together, in reading order.

    The database orders, also across branches: its collation is not Python's.
    """
    sign = "-" if downward else ""
    order = (f"{sign}{column}", f"{sign}pk")
    cut = [
        _after(branch, column, downward, start).order_by(*order).values_list(column, "pk")[:limit]
        for branch in branches
    ]
    if not cut:
        return []
    if len(cut) == 1:
        return list(cut[0])
    return list(cut[0].union(*cut[1:]).order_by(*order)[:limit])


def _after(branch: QuerySet[M], column: str, downward: bool, start: Cursor | None) -> QuerySet[M]:
    if start is None:
        return branch
    way = "lt" if downward else "gt"
    # The first condition is redundant and lets the index find its starting point.
    return branch.filter(
        Q(**{f"{column}__{way}e": start.value})
        & (
            Q(**{f"{column}__{way}": start.value})
            | Q(**{column: start.value, f"pk__{way}": start.pk})
        )
    )


def _neighbours(
    keys: list[tuple[Any, int]], ordering: str, more: bool, backward: bool, started: bool
) -> tuple[str | None, str | None]:
    if not keys:
        return None, None
    has_next = started if backward else more
    has_previous = more if backward else started
    following = Cursor(ordering, *keys[-1]).encode() if has_next else None
    preceding = Cursor(ordering, *keys[0], backward=True).encode() if has_previous else None
    return following, preceding
