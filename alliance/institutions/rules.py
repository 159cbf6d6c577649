"""Pure rules about institutions, tiers, relations and opening hours."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from alliance.core import identifiers
from alliance.core.calendar import WorkingHours, parse_periods

from .choices import TIER_RANK, Direction, Tier

CALENDAR_PREFIX = "calendar."
WEEKDAY_HOURS, WEEKEND_HOURS = "calendar.weekday_hours", "calendar.weekend_hours"
OBSERVES_HOLIDAYS = "calendar.observes_holidays"
HOURS_SETTINGS = frozenset({WEEKDAY_HOURS, WEEKEND_HOURS})
SATURDAY = 5
LONGEST_EXCEPTION = timedelta(days=62)

_TYPE_CODE = re.compile(r"[A-Z][0-9]{3}", re.ASCII)


def institution_errors(
    *, tier: str, type_code: str, uscc: str, division_code: str, parent_tier: str | None
) -> dict[str, Any]:
    """What is wrong with the facts of an institution: `{field: sentence}`."""
    errors: dict[str, Any] = {
        **identifiers.uscc_errors(uscc, "uscc"),
        **identifiers.division_errors(division_code),
    }
    if not _TYPE_CODE.fullmatch(type_code):
        errors["type_code"] = _("A type code is a capital letter and three digits, such as C220.")
    if tier == Tier.VILLAGE and parent_tier != Tier.TOWNSHIP:
        errors["parent"] = _("Name the township hospital that this village clinic hangs under.")
    if tier != Tier.VILLAGE and parent_tier is not None:
        errors["parent"] = _("Only a village clinic hangs under another institution.")
    return errors


def calendar_errors(
    *,
    first: date,
    last: date,
    today: date,
    is_open: bool,
    opens_at: time | None,
    closes_at: time | None,
) -> dict[str, Any]:
    """What is wrong with an exception from the working calendar: `{field: sentence}`."""
    errors: dict[str, Any] = {}
    if first < today:
        errors["first"] = _("Past days stay as they were: clocks have already counted them.")
    if last < first:
        errors["last"] = _("The last day cannot be before the first.")
    elif last - first > LONGEST_EXCEPTION:
        errors["last"] = _("An exception covers two months at most.")
    if is_open and opens_at is None:
        errors["opens_at"] = _("Say when it opens.")
    if is_open and (closes_at is None or (opens_at is not None and closes_at <= opens_at)):
        errors["closes_at"] = _("Say when it closes, later than it opens.")
    return errors


def direction_between(sender_tier: str, receiver_tier: str) -> Direction:
    """Up when the receiver's tier is higher, down when lower, lateral among peers."""
    difference = TIER_RANK[receiver_tier] - TIER_RANK[sender_tier]
    if difference == 0:
        return Direction.LATERAL
    return Direction.UP if difference > 0 else Direction.DOWN


@dataclass(frozen=True)
class Member:
    """What the relation rule needs to know of an institution."""

    id: int
    tier: str
    parent_id: int | None = None


def default_relations(members: Iterable[Member]) -> Iterator[tuple[int, int, Direction]]:
    """Who may refer to whom by rule: peers lateral, lower to upper, upper to lower.

    A village clinic refers only to the township it hangs under, and receives only from it.
    """
    known = list(members)
    for sender in known:
        for receiver in known:
            if sender.id != receiver.id and _related(sender, receiver):
                yield sender.id, receiver.id, direction_between(sender.tier, receiver.tier)


def _related(one: Member, other: Member) -> bool:
    if Tier.VILLAGE not in (one.tier, other.tier):
        return True
    return one.parent_id == other.id or other.parent_id == one.id


@dataclass(frozen=True)
class Cell:
    """What the matrix holds for one pair of institutions."""

    direction: str
    is_allowed: bool
    by_rule: bool


@dataclass(frozen=True)
class MatrixPlan:
    """What generating the matrix by rule will do, pair by pair."""

    create: Mapping[tuple[int, int], Direction]
    correct: Mapping[tuple[int, int], Direction]
    remove: frozenset[tuple[int, int]]
    kept_by_hand: int
    unchanged: int


def plan_matrix(members: Iterable[Member], cells: Mapping[tuple[int, int], Cell]) -> MatrixPlan:
    """Compare the rule with the matrix as it is; a cell edited by hand is left alone."""
    wanted = {(sender, receiver): way for sender, receiver, way in default_relations(members)}
    by_rule = {pair: cell for pair, cell in cells.items() if cell.by_rule}
    correct = {
        pair: wanted[pair]
        for pair, cell in by_rule.items()
        if pair in wanted and (cell.direction != wanted[pair] or not cell.is_allowed)
    }
    remove = frozenset(by_rule.keys() - wanted.keys())
    return MatrixPlan(
        create={pair: way for pair, way in wanted.items() if pair not in cells},
        correct=correct,
        remove=remove,
        kept_by_hand=len(cells) - len(by_rule),
        unchanged=len(by_rule) - len(correct) - len(remove),
    )


def working_hours(*, weekday: str, weekend: str, observes_holidays: bool) -> WorkingHours:
    """A week of hours from two texts such as `08:00-12:00 14:00-17:30`; blank means closed."""
    texts = {day: weekday if day < SATURDAY else weekend for day in range(7)}
    return WorkingHours.parse(texts, observes_holidays=observes_holidays)


def hours_are_readable(text: str) -> bool:
    """Whether a text of opening hours can be read; blank can."""
    try:
        parse_periods(text)
    except ValueError:
        return False
    return True
