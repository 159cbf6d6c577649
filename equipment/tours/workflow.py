"""The machine of a tour as one table; pages, API, actions, documents and tests read it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from alliance.core.errors import TransitionNotAllowed

from .choices import Move, Status


@dataclass(frozen=True, slots=True)
class Transition:
    """From any of `sources` to `target`, giving what it `needs`."""

    sources: frozenset[Status]
    target: Status
    needs: tuple[str, ...] = ()


def _t(sources: Iterable[Status], target: Status, *needs: str) -> Transition:
    return Transition(frozenset(sources), target, needs)


S = Status
FIRST: Final = S.PLANNED
TRANSITIONS: Final[dict[Move, Transition]] = {
    Move.ANNOUNCE: _t([S.PLANNED], S.ANNOUNCED, "stops"),
    Move.FINISH: _t([S.ANNOUNCED], S.DONE, "last stop over"),
    Move.CANCEL: _t([S.PLANNED, S.ANNOUNCED], S.CANCELLED, "reason"),
}
FINAL: Final = frozenset(Status) - frozenset().union(*(t.sources for t in TRANSITIONS.values()))


def next_status(status: str, move: str) -> Status:
    """The state after `move`; raises TransitionNotAllowed."""
    row = TRANSITIONS[Move(move)]
    if status in row.sources:
        return row.target
    message = _("“%(move)s” is no longer possible: the tour stands at “%(status)s”.")
    raise TransitionNotAllowed(
        "wrong_state",
        message % {"status": Status(status).label, "move": Move(move).label},
        current_status=str(status),
    )


def open_moves(status: str) -> list[Move]:
    """What may be done in a state, in the table's order."""
    return [move for move, row in TRANSITIONS.items() if status in row.sources]
