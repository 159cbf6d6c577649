"""How a seat at a session changes hands, as one table."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from alliance.core.errors import TransitionNotAllowed

from .choices import SeatMove as M
from .choices import SeatStatus as S


@dataclass(frozen=True, slots=True)
class Transition:
    """From where a move leads to where; `None` stands for somebody who never asked for a seat."""

    sources: frozenset[S | None]
    target: S


TABLE: dict[M, Transition] = {
    M.BOOK: Transition(frozenset({None, S.CANCELLED, S.WAITING}), S.BOOKED),
    M.QUEUE: Transition(frozenset({None, S.CANCELLED}), S.WAITING),
    M.LEAVE: Transition(frozenset({S.BOOKED, S.WAITING}), S.CANCELLED),
    M.ATTEND: Transition(frozenset({S.BOOKED, S.ABSENT}), S.ATTENDED),
    M.MISS: Transition(frozenset({S.BOOKED, S.ATTENDED}), S.ABSENT),
}


def is_possible(status: str | None, move: M) -> bool:
    """Whether a seat in this status can make the move."""
    return status in TABLE[move].sources


def next_status(status: str | None, move: M) -> S:
    """Where a move leads; TransitionNotAllowed where it does not exist."""
    if not is_possible(status, move):
        here = S(status).label if status else _("without a seat")
        message = _("“%(move)s” is not possible for somebody who is “%(status)s”.")
        raise TransitionNotAllowed(
            "seat_move", message % {"move": M(move).label, "status": here}, status=status
        )
    return TABLE[move].target
