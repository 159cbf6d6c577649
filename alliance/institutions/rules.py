"""Pure rules about tiers and relations."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from alliance.core.calendar import WorkingHours, parse_periods

from .choices import TIER_RANK, Direction, Tier

CALENDAR_PREFIX = "calendar."
SATURDAY = 5


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
