"""The machine of a work order: every pair of status and move."""

import pytest

from alliance.core.errors import TransitionNotAllowed
from equipment.service.choices import OPEN, Move, Status
from equipment.service.workflow import FINAL, FIRST, TRANSITIONS, moves_from, next_status


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("move", Move)
def test_every_pair(status, move):
    rule = TRANSITIONS[move]
    assert (move in moves_from(status)) is (status in rule.sources)
    if status in rule.sources:
        assert next_status(status, move) == (rule.target or status)
    else:
        with pytest.raises(TransitionNotAllowed):
            next_status(status, move)


def test_closed_orders_rest_and_open_ones_do_not():
    assert all(moves_from(status) for status in OPEN)
    left = {move for status in FINAL for move in moves_from(status)}
    assert left == {Move.REOPEN, Move.NOTE}
    assert FIRST in OPEN
