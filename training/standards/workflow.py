"""An admission's moves as one table: pages, API, policy and tests read it.

Pure: no database, request or clock.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from alliance.core.errors import TransitionNotAllowed

from .choices import Move, Side, Status

S, M = Status, Move


@dataclass(frozen=True)
class Transition:
    """From any of `sources`, `side` may move to `target`; a target of None keeps the status."""

    sources: frozenset[Status]
    target: Status | None
    side: Side
    needs_reason: bool = False


def _t(
    sources: Iterable[Status], target: Status | None, side: Side, *, reason: bool = False
) -> Transition:
    return Transition(frozenset(sources), target, side, reason)


TRANSITIONS: Final[dict[Move, Transition]] = {
    M.SUBMIT: _t([S.DRAFT, S.RETURNED], S.SUBMITTED, Side.APPLICANT),
    M.ADMIT: _t([S.SUBMITTED], S.ADMITTED, Side.OFFICE),
    M.RETURN: _t([S.SUBMITTED], S.RETURNED, Side.OFFICE, reason=True),
    M.REFUSE: _t([S.SUBMITTED], S.REFUSED, Side.OFFICE, reason=True),
    M.TAKE_BACK: _t([S.DRAFT, S.SUBMITTED, S.RETURNED], S.WITHDRAWN, Side.APPLICANT),
    # 令第1号: whoever sees a stop condition stops; only the alliance lets the technique go on.
    M.SUSPEND: _t([S.ADMITTED], None, Side.EITHER, reason=True),
    M.RESTORE: _t([S.ADMITTED], None, Side.OFFICE, reason=True),
    M.WITHDRAW: _t([S.ADMITTED], S.WITHDRAWN, Side.EITHER, reason=True),
    M.FIRST_USE: _t([S.ADMITTED], None, Side.APPLICANT),
    M.FILE: _t([S.ADMITTED], None, Side.APPLICANT),
}


def next_status(status: str, move: Move) -> Status:
    """The status after a move; TransitionNotAllowed where there is no such move."""
    rule = TRANSITIONS[move]
    if status not in rule.sources:
        message = _("“%(move)s” is not possible: %(status)s.")
        words = {"move": move.label, "status": Status(status).label}
        raise TransitionNotAllowed("admission_transition", message % words, status=status)
    return rule.target or Status(status)


def moves_from(status: str) -> list[Move]:
    """The moves that exist from a status, in the order of the table."""
    return [move for move, rule in TRANSITIONS.items() if status in rule.sources]
