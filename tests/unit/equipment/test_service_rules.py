"""When checks are due, and for how long a device was down: arithmetic without a database."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from equipment.service import rules
from equipment.service.rules import Done


def at(hour):
    return datetime(2026, 3, 1, tzinfo=UTC) + timedelta(hours=hour)


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2026, 11, 30), 12, date(2027, 11, 30)),
        (date(2026, 12, 1), 1, date(2027, 1, 1)),
        (date(2026, 3, 15), 21, date(2027, 12, 15)),
    ],
)
def test_months_end_where_the_month_does(day, months, expected):
    assert rules.add_months(day, months) == expected


def test_the_next_check_follows_from_the_last_one_or_its_certificate():
    first = date(2025, 6, 1)
    done = [Done(date(2025, 5, 20)), Done(date(2026, 6, 10), valid_until=date(2027, 3, 31))]
    dues, due = rules.schedule(first, 12, done)
    assert dues == [first, date(2026, 5, 20)]
    assert due == date(2027, 3, 31)
    assert rules.schedule(first, 12, []) == ([], first)


@pytest.mark.parametrize(
    ("periods", "expected"),
    [
        ([], 0),
        ([(0, 4), (2, 6)], 6),
        ([(0, 2), (2, 4)], 4),
        ([(1, 9), (2, 3)], 8),
        ([(5, None)], 5),
        ([(5, None), (6, 7)], 5),
        ([(2, 3), (4, None), (1, None)], 9),
        ([(-5, 1), (9, 20)], 2),
        ([(-5, -1), (12, 20)], 0),
    ],
)
def test_downtime_is_the_union_within_the_period(periods, expected):
    moments = [(at(a), None if b is None else at(b)) for a, b in periods]
    assert rules.down_within(moments, at(0), at(10)) == timedelta(hours=expected)


_hours = st.integers(-5, 15)
_periods = st.lists(
    st.tuples(_hours, st.none() | st.integers(0, 8)).map(
        lambda one: (one[0], None if one[1] is None else one[0] + one[1])
    ),
    max_size=6,
)


@given(_periods)
def test_downtime_counts_every_hour_once(periods):
    moments = [(at(a), None if b is None else at(b)) for a, b in periods]
    lost = sum(any(a <= hour and (b is None or hour < b) for a, b in periods) for hour in range(10))
    assert rules.down_within(moments, at(0), at(10)) == timedelta(hours=lost)


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ((None, None, None), (None, None, None)),
        ((None, None, 9), (None, None, 9)),
        ((5, None, None), (5, 0, 5)),
        ((5, 4, 3), (5, 4, 9)),
    ],
)
def test_what_a_repair_cost_in_parts(told, expected):
    assert rules.parted(*told) == expected


@pytest.mark.parametrize(
    ("condition", "limited_stays", "expected"),
    [
        ("good", False, False),
        ("limited", True, False),
        ("limited", False, True),
        ("poor", True, True),
    ],
)
def test_what_is_not_used_as_it_came_back(condition, limited_stays, expected):
    assert rules.is_out(condition, limited_stays=limited_stays) is expected


@pytest.mark.parametrize(
    ("begins", "last", "grace", "expected", "why"),
    [
        (date(2026, 11, 1), None, 30, date(2027, 11, 1), "first_day"),
        (date(2025, 11, 22), None, 30, date(2026, 11, 22), "first_day"),
        (date(2025, 11, 21), None, 30, date(2026, 12, 22), "unknown"),
        (date(2025, 11, 21), None, 0, date(2026, 11, 22), "unknown"),
        (date(2019, 1, 1), date(2026, 3, 31), 30, date(2027, 3, 31), "last"),
        (date(2019, 1, 1), date(2025, 3, 31), 30, date(2026, 3, 31), "last"),
        (date(2026, 11, 1), date(2026, 9, 1), 0, date(2027, 9, 1), "last"),
    ],
    ids=["new", "due today", "unknown", "unknown, at once", "known", "known and overdue",
         "checked before its first day"],
)  # fmt: skip
def test_when_a_new_device_is_checked_first(begins, last, grace, expected, why):
    today = date(2026, 11, 22)
    assert rules.first_due(begins, 12, last=last, today=today, grace=grace) == (expected, why)
