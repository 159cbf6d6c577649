"""The states of an import and the steps between them; pure."""

from dataclasses import dataclass
from enum import StrEnum

from ..choices import ImportState as State


class Step(StrEnum):
    """What can happen to an import."""

    CHECK = "check"
    ACCEPT = "accept"
    REFUSE = "refuse"
    CONFIRM = "confirm"
    FINISH = "finish"
    FAIL = "fail"


@dataclass(frozen=True)
class Transition:
    """From which states a step leads where."""

    sources: frozenset[State]
    target: State


TRANSITIONS: dict[Step, Transition] = {
    Step.CHECK: Transition(
        frozenset({State.UPLOADED, State.CHECKED, State.REFUSED, State.FAILED}), State.CHECKING
    ),
    Step.ACCEPT: Transition(frozenset({State.CHECKING}), State.CHECKED),
    Step.REFUSE: Transition(frozenset({State.CHECKING, State.IMPORTING}), State.REFUSED),
    Step.CONFIRM: Transition(frozenset({State.CHECKED}), State.IMPORTING),
    Step.FINISH: Transition(frozenset({State.IMPORTING}), State.DONE),
    Step.FAIL: Transition(frozenset({State.CHECKING, State.IMPORTING}), State.FAILED),
}

# A worker owes the next step; while none is at it, the import may be handed to one again.
WORKING = frozenset({State.UPLOADED, State.CHECKING, State.IMPORTING})
# The file may be looked at once more.
CHECKABLE = TRANSITIONS[Step.CHECK].sources - {State.UPLOADED}
