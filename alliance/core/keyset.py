"""Pages by keyset: a page costs the same at row 50 and at row 5,000,000.

A list may be the union of several branches (sent by me, received by me). Each branch is an
index range read in order and cut at one page; the cut branches are merged. One OR over both
columns would read and sort everything ever sent or received.
"""

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Generic, TypeVar

from django.db.models import Model, Q, QuerySet
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from .errors import BadCursor

M = TypeVar("M", bound=Model)


@dataclass(frozen=True)
class Page(Generic[M]):
    """Rows of one page and the cursors of its neighbours (None where there is none)."""

    rows: list[M]
    next: str | None
    previous: str | None


@dataclass(frozen=True)
class Cursor:
    """Where a page starts: after the row with `value` and `pk`, or before it when `backward`."""

    value: Any
    pk: int
    backward: bool = False

    def encode(self) -> str:
        """The opaque text that callers hand back."""
        value = self.value.isoformat() if isinstance(self.value, date) else self.value
        raw = json.dumps([value, self.pk, int(self.backward)], ensure_ascii=False)
        return base64.urlsafe_b64encode(raw.encode()).decode().rstrip("=")


def decode(text: str) -> Cursor:
    """Read a cursor back; raises BadCursor for anything that `encode` did not make."""
    try:
        padded = text + "=" * (-len(text) % 4)
        value, pk, backward = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        moment = parse_datetime(value) if isinstance(value, str) else None
        if not isinstance(pk, int) or not isinstance(value, str | int) or abs(pk) > 2**62:
            raise ValueError("shape")
        if moment is not None and moment.tzinfo is None:
            raise ValueError("naive time")
        return Cursor(moment or value, pk, bool(backward))
    except (ValueError, TypeError, binascii.Error, UnicodeError) as error:
        raise BadCursor(
            "bad_cursor", _("This page link is broken. Start again from the first page.")
        ) from error


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
    select_related) that loads the chosen rows; `ordering` is one column that is never null,
    with `-` for descending; ties are broken by primary key in the same direction.
    """
    start = decode(cursor) if cursor else None
    backward = bool(start and start.backward)
    column, descending = ordering.lstrip("-"), ordering.startswith("-")
    if start is not None and isinstance(start.value, datetime) != column.endswith("_at"):
        raise BadCursor("bad_cursor", _("This page link belongs to another order."))
    downward = descending != backward
    keys = _keys(branches, column, downward, start, size + 1)
    more, keys = len(keys) > size, keys[:size]
    if backward:
        keys.reverse()
    found = {row.pk: row for row in into.filter(pk__in=[pk for _value, pk in keys])} if keys else {}
    rows = [found[pk] for _value, pk in keys if pk in found]
    return Page(rows, *_neighbours(keys, more, backward, start is not None))


def _keys(
    branches: Sequence[QuerySet[M]],
    column: str,
    downward: bool,
    start: Cursor | None,
    limit: int,
) -> list[tuple[Any, int]]:
    """The first `limit` (value, pk) pairs of all branches together, in reading order."""
    sign = "-" if downward else ""
    cut = [
        _after(branch, column, downward, start)
        .order_by(f"{sign}{column}", f"{sign}pk")
        .values_list(column, "pk")[:limit]
        for branch in branches
    ]
    if not cut:
        return []
    pairs = set(cut[0]) if len(cut) == 1 else set(cut[0].union(*cut[1:], all=True))
    return sorted(pairs, reverse=downward)[:limit]


def _after(
    branch: QuerySet[M], column: str, downward: bool, start: Cursor | None
) -> QuerySet[M]:
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
    keys: list[tuple[Any, int]], more: bool, backward: bool, started: bool
) -> tuple[str | None, str | None]:
    if not keys:
        return None, None
    has_next = started if backward else more
    has_previous = more if backward else started
    following = Cursor(*keys[-1]).encode() if has_next else None
    preceding = Cursor(*keys[0], backward=True).encode() if has_previous else None
    return following, preceding
