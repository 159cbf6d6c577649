"""When a tour and its stops may be: tables of examples."""

from datetime import UTC, datetime, timedelta

import pytest

from alliance.core.errors import TransitionNotAllowed
from equipment.tours import rules
from equipment.tours.choices import Move, Status
from equipment.tours.workflow import FINAL, TRANSITIONS, next_status, open_moves

AT = datetime(2026, 6, 1, 4, tzinfo=UTC)


def period(since, until):
    return AT + timedelta(hours=since), AT + timedelta(hours=until)


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("move", Move)
def test_next_status_every_pair(status, move):
    if status in TRANSITIONS[move].sources:
        assert next_status(status, move) == TRANSITIONS[move].target
        assert move in open_moves(status)
        assert status not in FINAL
    else:
        with pytest.raises(TransitionNotAllowed):
            next_status(status, move)


@pytest.mark.parametrize(
    ("whole", "stops", "fields"),
    [
        (period(1, 9), [], set()),
        (period(-1, 9), [], set()),
        (period(9, 9), [], {"ends_at"}),
        (period(-9, 0), [], {"ends_at"}),
        (period(1, 1 + 31 * 24), [], set()),
        (period(1, 2 + 31 * 24), [], {"ends_at"}),
        (period(1, 9), [period(1, 9)], set()),
        (period(2, 9), [period(1, 8)], {"starts_at"}),
        (period(2, 9), [period(1, 10)], {"starts_at", "ends_at"}),
    ],
)
def test_the_time_of_a_tour_holds_its_stops(whole, stops, fields):
    assert rules.period_errors(whole, stops=stops, at=AT).keys() == fields


@pytest.mark.parametrize(
    ("stop", "capacity", "taken", "fields"),
    [
        (period(2, 4), 1, 0, set()),
        (period(4, 4), 1, 0, {"ends_at"}),
        (period(8, 11), 1, 0, {"ends_at"}),
        (period(1, 4), 1, 0, {"starts_at"}),
        (period(2, 4), 0, 0, {"capacity"}),
        (period(2, 4), 2, 3, {"capacity"}),
        (period(2, 4), 3, 3, set()),
    ],
)
def test_a_stop_lies_within_its_tour(stop, capacity, taken, fields):
    tour = period(2, 10)
    errors = rules.stop_errors(stop, tour=tour, capacity=capacity, taken=taken, at=AT)
    assert errors.keys() == fields


def test_a_stop_is_planned_for_a_time_to_come():
    errors = rules.stop_errors(period(0, 4), tour=period(-2, 10), capacity=1, taken=0, at=AT)
    assert errors.keys() == {"starts_at"}


@pytest.mark.parametrize(
    ("taken", "number"), [([], 1), ([1, 2], 3), ([2, 3], 1), ([1, 3], 2), ([3, 1, 2], 4)]
)
def test_the_lowest_free_number_comes_next(taken, number):
    assert rules.next_number(taken) == number


def wide(text):
    """The same as a Chinese keyboard writes it, each sign as wide as a character."""
    return "".join(chr(ord(sign) + 0xFEE0) for sign in text)


@pytest.mark.parametrize(
    ("text", "is_secret"),
    [
        ("330199198001010017 王某", True),
        ("王某 33019919800101001X", True),
        ("王某 13800001111", True),
        ("王某 138 0000 1111", True),
        ("王某 +86 13800001111", True),
        ("330199198001010017 13800000000", True),
        ("33019919800101001713800000000", True),
        ("张三330199198001010017，13800000000", True),
        ("3301 9919 8001 0100 17", True),
        ("330199-1980-01-01-001x", True),
        ("床 3 330199 19800101 0017 复查", True),
        (wide("330199198001010017"), True),
        ("330199800101001", True),
        (wide("138-0000-1111"), True),
        ("1 3 8 0 0 0 0 1 1 1 1", True),
        ("138\u20130000\u20131111 家属", True),
        ("008613800001111", True),
        ("62 岁 13800001111", True),
        ("座机 0571-88880000", True),
        ("(0571) 8888 0000", True),
        ("01088880000", True),
        ("400-820-0000", True),
        ("王某，男 62", False),
        ("床 18 2026-11-23 9 时", False),
        ("2026-11-23 2026-11-24 2026-11-25", False),
        ("住院号 0000123456", False),
        ("13800001", False),
        ("HIS 10293", False),
        ("ZY202611230001", False),
        ("2026-11-23 胸片", False),
    ],
)
def test_id_numbers_and_telephones_are_not_for_a_list(text, is_secret):
    assert set(rules.secret_errors(subject=text, note="")) == ({"subject"} if is_secret else set())
    assert ("note" in rules.secret_errors(subject="", note=text)) is is_secret
