"""A work order's moves as one table: pages, API, policy, diagram and tests read it.

Pure: no database, request or clock.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from alliance.core.errors import TransitionNotAllowed

from .choices import OPEN, Move, Side, Status

S, M = Status, Move
FIRST: Final = Status.REPORTED
# Where an order rests; only a mistake leads on from there, and a note changes nothing.
FINAL: Final = frozenset(set(Status) - set(OPEN))


@dataclass(frozen=True)
class Transition:
    """From any of `sources`, `side` may move to `target`; a target of None keeps the status."""

    sources: frozenset[Status]
    target: Status | None
    side: Side = Side.KEEPER
    needs_reason: bool = False


def _t(
    sources: Iterable[Status],
    target: Status | None,
    side: Side = Side.KEEPER,
    *,
    reason: bool = False,
) -> Transition:
    return Transition(frozenset(sources), target, side, reason)


TRANSITIONS: Final[dict[Move, Transition]] = {
    M.ASSIGN: _t([S.REPORTED, S.ASSIGNED, S.IN_REPAIR], S.ASSIGNED),
    M.START: _t([S.REPORTED, S.ASSIGNED], S.IN_REPAIR),
    M.TEST: _t([S.IN_REPAIR], S.TESTED),
    M.RETURN: _t([S.TESTED], S.RETURNED),
    M.FAIL: _t([S.TESTED], S.IN_REPAIR, reason=True),
    M.STOP: _t(OPEN, None, reason=True),
    # Bills and certificates come late: a closed order still takes them.
    M.NOTE: _t(Status, None, reason=True),
    M.RETIRE: _t(OPEN, S.RETIRED, reason=True),
    # Somebody who sees that nothing is broken after all takes the report back.
    M.CANCEL: _t([S.REPORTED, S.ASSIGNED], S.CANCELLED, Side.EITHER, reason=True),
    # Said to be mended, beyond repair or no fault at all, and it was a mistake.
    M.REOPEN: _t([S.RETURNED, S.RETIRED, S.CANCELLED], S.IN_REPAIR, reason=True),
}


def next_status(status: str, move: Move) -> Status:
    """The status after a move; TransitionNotAllowed where there is no such move."""
    rule = TRANSITIONS[move]
    if status not in rule.sources:
        message = _("“%(move)s” is not possible: %(status)s.")
        words = {"move": move.label, "status": Status(status).label}
        raise TransitionNotAllowed("work_order_transition", message % words, status=status)
    return rule.target or Status(status)


def moves_from(status: str) -> list[Move]:
    """The moves that exist from a status, in the order of the table."""
    return [move for move, rule in TRANSITIONS.items() if status in rule.sources]
