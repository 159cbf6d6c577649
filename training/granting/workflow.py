"""The machine of an application as one table; pages, API, actions, documents and tests read it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from alliance.core.choices import Permission
from alliance.core.errors import TransitionNotAllowed

from .choices import Move, Side, Status


@dataclass(frozen=True)
class Transition:
    """From any of `sources`, `side` holding `permission` may move to `target`."""

    sources: frozenset[Status]
    target: Status
    side: Side
    permission: Permission
    needs: tuple[str, ...] = ()


def _t(
    sources: Iterable[Status], target: Status, side: Side, permission: Permission, *needs: str
) -> Transition:
    return Transition(frozenset(sources), target, side, permission, needs)


S, P = Status, Permission
# An application begins as submitted, and only once every requirement is met.
FIRST: Final = S.SUBMITTED
TRANSITIONS: Final[dict[Move, Transition]] = {
    # Again while it is there already: the meeting was put off, or a member came in.
    Move.TAKE_UP: _t(
        [S.SUBMITTED, S.IN_COMMITTEE], S.IN_COMMITTEE, Side.CONVENER, P.PRIVILEGE_MANAGE
    ),
    Move.GRANT: _t(
        [S.IN_COMMITTEE], S.GRANTED, Side.CONVENER, P.PRIVILEGE_MANAGE, "votes", "level", "period"
    ),
    Move.REFUSE: _t(
        [S.IN_COMMITTEE], S.REFUSED, Side.CONVENER, P.PRIVILEGE_MANAGE, "votes", "reason"
    ),
    Move.WITHDRAW: _t(
        [S.SUBMITTED, S.IN_COMMITTEE], S.WITHDRAWN, Side.APPLICANT, P.PRIVILEGE_APPLY, "reason"
    ),
}
FINAL: Final = frozenset(Status) - frozenset().union(*(t.sources for t in TRANSITIONS.values()))
OPEN: Final = frozenset(Status) - FINAL


def next_status(status: str, move: Move) -> Status:
    """The state after `move`; raises TransitionNotAllowed."""
    row = TRANSITIONS.get(move)
    if row is not None and status in row.sources:
        return row.target
    message = _("An application that is “%(status)s” cannot do “%(move)s”.")
    raise TransitionNotAllowed(
        "wrong_state",
        message % {"status": Status(status).label, "move": Move(move).label},
        current_status=str(status),
    )


def open_moves(status: str) -> list[Move]:
    """What may be done in a state, in the table's order."""
    return [move for move, row in TRANSITIONS.items() if status in row.sources]
