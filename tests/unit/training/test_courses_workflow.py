"""How a seat changes hands: every move from every standing."""

import pytest

from alliance.core.errors import TransitionNotAllowed
from training.courses.choices import SeatMove, SeatStatus
from training.courses.workflow import TABLE, is_possible, next_status


@pytest.mark.parametrize("status", [None, *SeatStatus])
@pytest.mark.parametrize("move", SeatMove)
def test_every_move_from_every_standing(status, move):
    if status in TABLE[move].sources:
        assert next_status(status, move) == TABLE[move].target
        assert is_possible(status, move)
    else:
        assert not is_possible(status, move)
        with pytest.raises(TransitionNotAllowed) as refused:
            next_status(status, move)
        assert refused.value.code == "seat_move"


def test_whoever_gave_a_seat_up_may_come_back():
    assert next_status(SeatStatus.CANCELLED, SeatMove.QUEUE) == SeatStatus.WAITING
    assert next_status(SeatStatus.CANCELLED, SeatMove.BOOK) == SeatStatus.BOOKED
