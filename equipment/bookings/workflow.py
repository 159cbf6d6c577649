"""The machine of a booking as one table; pages, API, actions, documents and tests read it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from alliance.core.errors import TransitionNotAllowed

from .choices import Move, Side, Status


@dataclass(frozen=True, slots=True)
class Transition:
    """From any of `sources`, each of `sides` may move to `target`, giving what it `needs`."""

    sources: frozenset[Status]
    target: Status
    sides: tuple[Side, ...]
    needs: tuple[str, ...] = ()


def _t(sources: Iterable[Status], target: Status, *sides: Side, needs: str = "") -> Transition:
    return Transition(frozenset(sources), target, sides, tuple(needs.split()))


S = Status
# A booking begins as a request where a keeper must approve it, else as confirmed.
FIRST: Final = (S.REQUESTED, S.CONFIRMED)
_WAITING: Final = FIRST
TRANSITIONS: Final[dict[Move, Transition]] = {
    # Where the devices have several keepers, it stays a request until the last of them agrees.
    Move.APPROVE: _t([S.REQUESTED], S.CONFIRMED, Side.KEEPER),
    Move.REFUSE: _t([S.REQUESTED], S.REFUSED, Side.KEEPER, needs="reason"),
    # By the clock where a device has left the register.
    Move.CANCEL: _t(_WAITING, S.CANCELLED, Side.BOOKER, Side.KEEPER, Side.CLOCK, needs="reason"),
    Move.CHECK_IN: _t([S.CONFIRMED], S.IN_USE, Side.BOOKER, Side.KEEPER),
    Move.CHECK_OUT: _t([S.IN_USE], S.COMPLETED, Side.BOOKER, Side.KEEPER, needs="condition"),
    Move.NO_SHOW: _t([S.CONFIRMED], S.NO_SHOW, Side.CLOCK),
    Move.LAPSE: _t([S.REQUESTED], S.LAPSED, Side.CLOCK),
}
FINAL: Final = frozenset(Status) - frozenset().union(*(t.sources for t in TRANSITIONS.values()))


def next_status(status: str, move: str) -> Status:
    """The state after `move`; raises TransitionNotAllowed."""
    row = TRANSITIONS[Move(move)]
    if status in row.sources:
        return row.target
    message = _("“%(move)s” is no longer possible: the booking stands at “%(status)s”.")
    raise TransitionNotAllowed(
        "wrong_state",
        message % {"status": Status(status).label, "move": Move(move).label},
        current_status=str(status),
    )


def open_moves(status: str) -> list[Move]:
    """What may be done in a state, in the table's order."""
    return [move for move, row in TRANSITIONS.items() if status in row.sources]
