"""Pure rules of the waiting list, and lanes of a day."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from equipment.bookings import lanes
from equipment.bookings.waiting import rules

DAY = datetime(2026, 11, 23, tzinfo=UTC)


def at(hour, minute=0):
    return DAY + timedelta(hours=hour, minutes=minute)


@pytest.mark.parametrize(
    ("minutes", "since", "until", "field"),
    [
        (60, at(9), at(12), ""),
        (60, at(9), at(10), ""),
        (61, at(9), at(10), "wanted_until"),
        (60, at(-20), at(8), "wanted_until"),
        (60, at(1), at(8, 30), "wanted_until"),
        (60, at(9), at(24 * 31), "wanted_until"),
    ],
    ids=["fits", "just fits", "too long", "over", "too little left", "too far"],
)
def test_window_errors(minutes, since, until, field):
    found = rules.window_errors(
        minutes=minutes, wanted_from=since, wanted_until=until, at=at(8), days_most=30
    )
    assert list(found) == ([field] if field else [])


@pytest.mark.parametrize(
    ("now", "starts", "minutes", "hours", "kept"),
    [
        (at(8), at(12), 60, (7, 22), at(9)),
        (at(8), at(8, 20), 60, (7, 22), at(8, 20)),
        (at(0, 13), at(34), 120, (7, 22), at(9)),
        (at(21), at(48), 120, (7, 22), at(24 + 8)),
        (at(23), at(48), 120, (7, 22), at(24 + 9)),
        (at(23), at(26), 120, (7, 22), at(26)),
        (at(23), at(48), 120, (22, 22), at(25)),
        (at(21), at(24 + 7, 30), 180, (7, 22), at(24 + 7, 30)),
        (at(21), at(24 + 7), 180, (7, 22), at(24 + 7)),
        (at(21), at(22, 30), 180, (7, 22), at(22, 30)),
    ],
    ids=[
        "by day",
        "its beginning",
        "at night",
        "over night",
        "late",
        "begins at night",
        "always",
        "begins too soon",
        "begins with the day",
        "begins the same night",
    ],
)
def test_an_offer_is_kept_by_day_and_not_past_its_beginning(now, starts, minutes, hours, kept):
    found = rules.answer_by(now=now, starts_at=starts, minutes=minutes, hours=hours, zone=UTC)
    assert found == kept


@pytest.mark.parametrize(
    ("free", "without", "found"),
    [
        ([(at(8), at(12))], [], at(9)),
        ([(at(8), at(9, 30)), (at(10), at(13))], [], at(10)),
        ([(at(11, 30), at(14))], [], None),
        ([(at(8), at(12))], [(at(9), at(10))], at(10)),
        ([(at(8), at(12))], [(at(10), at(10, 30)), (at(9, 30), at(10))], at(10, 30)),
        ([(at(8), at(12))], [(at(6), at(7))], at(9)),
        ([], [], None),
    ],
    ids=[
        "at the start",
        "second gap",
        "past the window",
        "let go",
        "let go twice",
        "let go long before",
        "nothing",
    ],
)
def test_first_fit(free, without, found):
    fit = rules.first_fit(free, minutes=60, wanted_from=at(9), wanted_until=at(12), without=without)
    assert fit == (found and (found, found + timedelta(hours=1)))


@given(
    st.lists(st.tuples(st.integers(0, 40), st.integers(1, 20)), max_size=5),
    st.integers(0, 40),
    st.integers(1, 20),
)
def test_what_is_taken_out_is_free_no_more_and_nothing_else_is(parts, start, length):
    free = [(at(since), at(since + long)) for since, long in parts]
    gone = (at(start), at(start + length))
    left = rules.taken_out(free, gone)
    for hour in range(80):
        moment = at(hour)
        was = any(since <= moment < until for since, until in free)
        now = any(since <= moment < until for since, until in left)
        assert now == (was and not gone[0] <= moment < gone[1])


def test_lanes_place_segments_in_columns_and_cut_them_to_the_day():
    parts = [
        lanes.Segment(at(9), at(10, 20), "taken"),
        lanes.Segment(at(-3), at(8, 30), "closed"),
        lanes.Segment(at(10, 20), at(10, 25), "free"),
        lanes.Segment(at(30), at(31), "taken"),
    ]
    placed = lanes.placed(parts, since=at(8), until=at(12))
    assert [(one.column, one.span) for one in placed] == [(1, 1), (3, 3), (6, 1)]
    full = lanes.placed(
        [lanes.Segment(at(8), at(12), "taken"), lanes.Segment(at(11, 50), at(12), "free")],
        since=at(8),
        until=at(12),
    )
    assert [(one.column, one.span) for one in full] == [(1, 8), (8, 1)]


@pytest.mark.parametrize(
    ("parts", "found"),
    [
        ([], []),
        ([(6, 8), (12, 13)], []),
        # Two that begin before the hours are one, from the first hour on, and both say why.
        ([(0, 20), (1, 20)], [(8, 12, "0 1")]),
        ([(0, 9), (9, 10), (11, 20)], [(8, 10, "0 9"), (11, 12, "11")]),
        ([(8, 11), (9, 10)], [(8, 11, "8 9")]),
    ],
)
def test_what_overlaps_is_one_line_cut_to_the_hours(parts, found):
    segments = [
        lanes.Segment(at(since), at(until), "out", note=str(since)) for since, until in parts
    ]
    made = lanes.joined(segments, since=at(8), until=at(12))
    assert [(one.since, one.until, one.note) for one in made] == [
        (at(since), at(until), note) for since, until, note in found
    ]


@pytest.mark.parametrize(
    ("parts", "found"),
    [
        ([], [(8, 12)]),
        ([(8, 12)], []),
        ([(9, 10), (9, 11)], [(8, 9), (11, 12)]),
        ([(7, 9), (11, 14)], [(9, 11)]),
        ([(13, 14)], [(8, 12)]),
    ],
)
def test_gaps(parts, found):
    segments = [lanes.Segment(at(since), at(until), "taken") for since, until in parts]
    free = lanes.gaps(segments, since=at(8), until=at(12))
    assert free == [(at(since), at(until)) for since, until in found]
