"""The states of an import: every (state, step) pair."""

import pytest

from alliance.core.choices import ImportState as State
from alliance.core.exchange.workflow import CHECKABLE, TRANSITIONS, WORKING, Step

ALLOWED = {
    (State.UPLOADED, Step.CHECK): State.CHECKING,
    (State.CHECKED, Step.CHECK): State.CHECKING,
    (State.REFUSED, Step.CHECK): State.CHECKING,
    (State.FAILED, Step.CHECK): State.CHECKING,
    (State.CHECKING, Step.ACCEPT): State.CHECKED,
    (State.CHECKING, Step.REFUSE): State.REFUSED,
    (State.CHECKING, Step.FAIL): State.FAILED,
    (State.CHECKED, Step.CONFIRM): State.IMPORTING,
    (State.IMPORTING, Step.FINISH): State.DONE,
    (State.IMPORTING, Step.REFUSE): State.REFUSED,
    (State.IMPORTING, Step.FAIL): State.FAILED,
}


@pytest.mark.parametrize("step", Step)
@pytest.mark.parametrize("state", State)
def test_every_pair(state, step):
    rule = TRANSITIONS[step]
    assert (state in rule.sources) == ((state, step) in ALLOWED)
    if state in rule.sources:
        assert rule.target == ALLOWED[state, step]


def test_done_is_final():
    assert all(State.DONE not in rule.sources for rule in TRANSITIONS.values())


def test_a_worker_owes_what_is_not_at_rest():
    assert {State.UPLOADED, State.CHECKING, State.IMPORTING} == WORKING
    assert {State.CHECKED, State.REFUSED, State.FAILED} == CHECKABLE
