"""The machine of a purchase as one table; pages, API, actions, documents and tests read it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from alliance.core.choices import Permission
from alliance.core.errors import TransitionNotAllowed

from .choices import Move, Side, Status


@dataclass(frozen=True)
class Transition:
    """From any of `sources`, `side` holding `permission` may move to `target`, giving `needs`."""

    sources: frozenset[Status]
    target: Status
    side: Side
    permission: Permission
    needs: tuple[str, ...] = ()


def _t(
    sources: Iterable[Status], target: Status, side: Side, permission: Permission, needs: str = ""
) -> Transition:
    return Transition(frozenset(sources), target, side, permission, tuple(needs.split()))


S, P = Status, Permission
_APPLICANT = (Side.APPLICANT, P.PURCHASE_APPLY)
_OFFICE = (Side.OFFICE, P.PURCHASE_REVIEW)
FIRST: Final = S.DRAFT
_CAME = "delivered_on devices"
# Three steps: the institution applies, the alliance reviews, a third party evaluates. Then the
# alliance decides. What it approved may come in parts; what never comes is written off.
TRANSITIONS: Final[dict[Move, Transition]] = {
    Move.SUBMIT: _t([S.DRAFT, S.RETURNED], S.SUBMITTED, *_APPLICANT),
    Move.PASS_ON: _t([S.SUBMITTED], S.EVALUATION, *_OFFICE),
    Move.RETURN: _t([S.SUBMITTED], S.RETURNED, *_OFFICE, "reason"),
    Move.EVALUATE: _t(
        [S.EVALUATION],
        S.EVALUATED,
        Side.EVALUATOR,
        P.PURCHASE_EVALUATE,
        "recommended score reason",
    ),
    Move.APPROVE: _t([S.EVALUATED], S.APPROVED, *_OFFICE, "quantity unit_price percent"),
    Move.REFUSE: _t([S.SUBMITTED, S.EVALUATED], S.REFUSED, *_OFFICE, "reason"),
    Move.DELIVER: _t([S.APPROVED, S.PARTLY], S.DELIVERED, *_APPLICANT, _CAME),
    Move.DELIVER_PART: _t([S.APPROVED, S.PARTLY], S.PARTLY, *_APPLICANT, _CAME),
    Move.WRITE_OFF: _t([S.PARTLY], S.DELIVERED, *_APPLICANT, "reason"),
    Move.TAKE_BACK: _t(
        [S.DRAFT, S.SUBMITTED, S.RETURNED, S.EVALUATION, S.EVALUATED], S.WITHDRAWN, *_APPLICANT
    ),
    Move.GIVE_UP: _t([S.APPROVED], S.WITHDRAWN, *_APPLICANT, "reason"),
}
FINAL: Final = frozenset(Status) - frozenset().union(*(t.sources for t in TRANSITIONS.values()))


def next_status(status: str, move: Move) -> Status:
    """The status after a move; TransitionNotAllowed where there is no such move."""
    row = TRANSITIONS[move]
    if status not in row.sources:
        message = _("“%(move)s” is not possible: %(status)s.")
        words = {"move": move.label, "status": Status(status).label}
        raise TransitionNotAllowed("purchase_transition", message % words, status=status)
    return row.target


def moves_from(status: str) -> list[Move]:
    """The moves that exist from a status, in the order of the table."""
    return [move for move, row in TRANSITIONS.items() if status in row.sources]
