"""Pure rules about tiers and relations."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from .choices import TIER_RANK, Direction, Tier


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
