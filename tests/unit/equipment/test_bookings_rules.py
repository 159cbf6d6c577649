"""When a booking is granted: tables of examples, and laws that hold for every time."""

import itertools
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliance.core.errors import TransitionNotAllowed
from equipment.bookings import rules
from equipment.bookings.choices import Move, Status
from equipment.bookings.workflow import FINAL, TRANSITIONS, next_status, open_moves

HOUR = timedelta(hours=1)
SHANGHAI, BERLIN = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Berlin")
LIMITS = {
    "grace": timedelta(minutes=10), "lead": HOUR, "horizon": timedelta(days=90), "longest": 12 * HOUR, "open_from": 7,
    "open_until": 22, "reserved_weekday": None, "reserved_from": 8, "reserved_until": 12,
    "reserved_release": 48 * HOUR, "quota": 5, "strikes_most": 3, "block": timedelta(days=14),
}  # fmt: skip
# A Monday at noon in Shanghai.
AT = datetime(2026, 6, 1, 4, tzinfo=UTC)
ASKER = {"is_own": False, "is_township": True}


def local(day, hour, minute=0, zone=SHANGHAI):
    return datetime(2026, 6, day, hour, minute, tzinfo=zone)


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
    ("since", "until", "limits", "asker", "codes"),
    [
        (local(2, 9), local(2, 11), {}, {}, []),
        (local(2, 9), local(2, 9), {}, {}, ["period"]),
        (local(2, 9), local(2, 8), {}, {"is_own": True}, ["period"]),
        (local(1, 9), local(1, 11), {}, {}, ["past"]),
        (local(1, 11, 49), local(1, 13), {}, {}, ["past"]),
        (local(1, 11, 50), local(1, 13), {}, {"is_own": True}, []),
        (local(1, 11, 50), local(1, 12), {}, {"is_own": True}, ["past"]),
        # How long ago it may have begun is policy.
        (local(1, 11, 59), local(1, 13), {"grace": 0 * HOUR}, {"is_own": True}, ["past"]),
        (local(1, 11), local(1, 13), {"grace": HOUR}, {"is_own": True}, []),
        (local(1, 12, 59), local(1, 14), {}, {}, ["too_soon"]),
        (local(1, 13), local(1, 14), {}, {}, []),
        (local(2, 7), local(2, 19), {}, {}, []),
        (local(2, 7), local(2, 19, 1), {}, {}, ["too_long"]),
        (local(2, 7), local(2, 19, 1), {}, {"is_own": True}, ["too_long"]),
        (AT + timedelta(days=90), AT + timedelta(days=90, hours=1), {}, {}, []),
        (AT + timedelta(days=90, seconds=1), AT + timedelta(days=90, hours=1), {}, {}, ["too_far"]),
        (local(2, 6, 59), local(2, 9), {}, {}, ["closed"]),
        (local(2, 20), local(2, 22), {}, {}, []),
        (local(2, 20), local(2, 22, 1), {}, {}, ["closed"]),
        (local(2, 20), local(2, 23), {}, {"is_own": True}, []),
        # Over midnight: only where nobody ever closes.
        (local(2, 23), local(3, 1), {}, {}, ["closed"]),
        (local(2, 23), local(3, 1), {"open_from": 0, "open_until": 24}, {}, []),
        (local(2, 23), local(3, 0), {"open_until": 24}, {}, []),
        (local(3, 9), local(3, 10), {}, {"booked_this_week": 4}, []),
        (local(3, 9), local(3, 10), {}, {"booked_this_week": 5}, ["quota"]),
        (local(3, 9), local(3, 10), {"quota": 0}, {"booked_this_week": 500}, []),
        (local(3, 9), local(3, 10), {}, {"strikes": [AT] * 2}, []),
        (local(3, 9), local(3, 10), {}, {"strikes": [AT] * 3}, ["blocked"]),
        (local(3, 9), local(3, 10), {"strikes_most": 0}, {"strikes": [AT] * 9}, []),
        (local(3, 9), local(3, 10), {}, {"strikes": [AT - timedelta(days=14)] * 3}, []),
        (local(3, 9), local(3, 10), {}, {"strikes": [AT] * 3, "is_own": True}, []),
        # The fifth is a Friday, and more than two days away.
        (local(5, 11), local(5, 13), {"reserved_weekday": 4}, {"is_township": False}, ["reserved"]),
        (local(5, 12), local(5, 13), {"reserved_weekday": 4}, {"is_township": False}, []),
        (local(5, 11), local(5, 13), {"reserved_weekday": 4}, {}, []),
        (local(4, 11), local(4, 13), {"reserved_weekday": 4}, {"is_township": False}, []),
        (
            local(5, 11), local(5, 13),
            {"reserved_weekday": 4, "reserved_release": timedelta(days=5)},
            {"is_township": False}, [],
        ),
    ],
)  # fmt: skip
def test_what_time_and_policy_allow(since, until, limits, asker, codes):
    found = rules.refusals(
        rules.period(since, until),
        asker=rules.Asker(**ASKER | asker),
        limits=rules.Limits(**LIMITS | limits),
        at=AT,
        zone=SHANGHAI,
    )
    assert rules.codes(found) == codes


@pytest.mark.parametrize(
    ("operator", "mentor", "codes"),
    [
        ("yes", None, []),
        ("no", "yes", ["not_privileged"]),
        ("supervised", None, ["needs_mentor"]),
        ("supervised", "supervised", ["mentor_unfit"]),
        ("supervised", "no", ["mentor_unfit"]),
        ("supervised", "yes", []),
    ],
)
def test_who_may_operate(operator, mentor, codes):
    teacher = rules.Person(mentor) if mentor else None
    assert rules.codes(rules.privilege_refusals(rules.Person(operator), teacher)) == codes


def test_what_a_device_is_for():
    lent = [
        rules.Lent(1, may_use=False),
        rules.Lent(2, may_use=True),
        rules.Lent(3, may_use=True, techniques=frozenset({7})),
    ]
    found = [(one.code.value, one.device_id) for one in rules.device_refusals(lent, 8)]
    assert found == [("not_shared", 1), ("unfit", 3)]
    assert rules.codes(rules.device_refusals(lent, 7)) == ["not_shared"]
    assert rules.codes(rules.device_refusals(lent[1:], None)) == ["no_technique"]


def test_what_comes_back_is_free_when_clean_and_never_later_than_promised():
    blocked = rules.Period(local(2, 8), local(2, 13))
    asked = rules.Period(local(2, 9), local(2, 12))
    for used_until, free, unbound in [
        (local(2, 10), local(2, 10, 30), local(2, 10)),
        (local(2, 12), local(2, 12, 30), local(2, 12)),
        (local(2, 15), local(2, 13), local(2, 12)),
        (local(2, 7), local(2, 8, 1), local(2, 9, 1)),
    ]:
        assert rules.freed_at(blocked, used_until=used_until, cleaning=30) == free
        assert rules.unbound_at(asked, used_until=used_until) == unbound


@pytest.mark.parametrize(
    ("since", "until", "hours", "fits"),
    [
        (8, 18, 2, True),
        (8, 18, 3, False),
        (11, 18, 2, False),
        (11, 18, 1, True),
        (8, 11, 1, True),
        (12, 18, 1, False),
    ],
)
def test_whether_a_wish_fits_into_what_is_freed(since, until, hours, fits):
    free = rules.Period(local(2, 10), local(2, 12))
    window = rules.Period(local(2, since), local(2, until))
    assert rules.has_room(free, wishes=[(window, hours * HOUR)]) is fits


def test_what_is_late():
    start, day = local(2, 9), timedelta(days=1)
    assert not rules.is_late(starts_at=start, at=start - day, deadline=day)
    assert rules.is_late(starts_at=start, at=start - day + timedelta(seconds=1), deadline=day)


@pytest.mark.parametrize(
    ("day", "hours"), [(date(2026, 3, 28), 24), (date(2026, 3, 29), 23), (date(2026, 10, 25), 25)]
)
def test_days_in_which_clocks_change(day, hours):
    """From midnight to midnight by the wall clock: as many hours as passed."""
    limits = rules.Limits(**LIMITS | {"open_from": 0, "open_until": 24})
    whole = rules.Period(rules.moment(day, 0, BERLIN), rules.moment(day, 24, BERLIN))
    assert whole.length == hours * HOUR
    assert rules.openings(whole, limits, BERLIN) == [whole]
    since = rules.moment(day - timedelta(days=1), 9, BERLIN)
    twice = rules.repeats(rules.Period(since, since + 2 * HOUR), every_days=1, count=2, zone=BERLIN)
    assert [one.since.astimezone(BERLIN).hour for one in twice] == [9, 9]
    assert {one.length for one in twice} == {2 * HOUR}


def test_an_hour_that_the_clock_leaves_out_is_the_next():
    since = datetime(2026, 3, 28, 2, 30, tzinfo=BERLIN).astimezone(UTC)
    again = rules.repeats(rules.Period(since, since + HOUR), every_days=1, count=2, zone=BERLIN)[1]
    assert again.since.astimezone(BERLIN).time().hour == 3


MINUTES = st.integers(0, 60 * 24 * 40)


@st.composite
def periods(draw):
    since = AT + timedelta(minutes=draw(MINUTES))
    return rules.Period(since, since + timedelta(minutes=draw(st.integers(1, 60 * 24 * 3))))


@given(periods(), periods())
def test_periods_meet_when_they_share_a_moment(one, other):
    """Half-open: one that begins where the other ends shares none."""
    shared = min(one.until, other.until) - max(one.since, other.since)
    assert one.meets(other) == other.meets(one) == (shared > timedelta(0))
    after = rules.Period(one.until, one.until + HOUR)
    assert not one.meets(after)
    assert one.holds(one)


@given(periods(), st.sampled_from([SHANGHAI, BERLIN]), st.integers(0, 23), st.integers(1, 24))
def test_hours_of_sharing_are_in_order_apart_and_within_the_day(asked, zone, opens, closes):
    limits = rules.Limits(**LIMITS | {"open_from": opens, "open_until": closes})
    found = rules.openings(asked, limits, zone)
    assert all(one.since < one.until for one in found)
    assert all(one.until < two.since for one, two in itertools.pairwise(found))
    if (opens, closes) != (0, 24):
        for one in found:
            assert one.since.astimezone(zone).hour == opens
            assert one.until.astimezone(zone).hour == closes % 24


@given(periods(), st.integers(0, 1440), st.integers(0, 1440))
def test_a_block_holds_its_use(asked, setup, cleaning):
    block = rules.block(asked, setup=setup, cleaning=cleaning)
    assert block.holds(asked)
    assert block.length == asked.length + timedelta(minutes=setup + cleaning)


@given(periods())
def test_a_moment_lies_in_its_week(asked):
    week = rules.week_of(asked.since, SHANGHAI)
    assert week.since <= asked.since < week.until
    assert week.since.astimezone(SHANGHAI).weekday() == 0


@pytest.mark.parametrize(
    ("since", "until", "limits", "asker", "expected"),
    [
        # From the first day to the third, within the hours of sharing and with notice.
        (AT, local(3, 9), {},
         {}, [((1, 13), (1, 22)), ((2, 7), (2, 22)), ((3, 7), (3, 9))]),
        # One's own at any hour, from now on.
        (local(1, 9), local(3, 9), {}, {"is_own": True}, [((1, 12), (3, 9))]),
        # Reserved hours belong to townships until they are released.
        (local(9, 7), local(9, 20), {"reserved_weekday": 1},
         {"is_township": False}, [((9, 7), (9, 8)), ((9, 12), (9, 20))]),
        (local(9, 7), local(9, 20), {"reserved_weekday": 1}, {}, [((9, 7), (9, 20))]),
        (local(2, 8), local(2, 20), {"reserved_weekday": 1},
         {"is_township": False}, [((2, 8), (2, 20))]),
        # Over the end of a month, and shared day and night.
        (local(30, 21), local(30, 21) + 12 * HOUR, {}, {},
         [((30, 21), (30, 22)), ((31, 7), (31, 9))]),
        (local(2, 21), local(3, 9), {"open_from": 0, "open_until": 24}, {}, [((2, 21), (3, 9))]),
        # A use may begin on the last day that may be booked, and end after it.
        (local(3, 11), local(3, 20), {"horizon": timedelta(days=2)}, {}, [((3, 11), (3, 13))]),
        (local(3, 14), local(3, 20), {"horizon": timedelta(days=2)}, {}, []),
        (local(1, 7), local(1, 11), {}, {}, []),
        (local(2, 22), local(3, 7), {}, {}, []),
    ],
)  # fmt: skip
def test_where_another_time_may_lie(since, until, limits, asker, expected):
    """A use of an hour within these times is never refused by policy."""
    asker, set_ = rules.Asker(**ASKER | asker), rules.Limits(**LIMITS | limits)
    found = rules.open_to(
        rules.period(since, until), asker=asker, limits=set_, length=HOUR, at=AT, zone=SHANGHAI
    )
    days = [rules.period(*(local(1, hour) + timedelta(days=day - 1) for day, hour in one))
            for one in expected]  # fmt: skip
    assert found == days
    for one in found:
        for begins in (one.since, one.until - HOUR):
            use = rules.Period(begins, begins + HOUR)
            assert rules.refusals(use, asker=asker, limits=set_, at=AT, zone=SHANGHAI) == []


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 20)), max_size=5))
def test_what_is_left_meets_nothing_that_was_kept(pairs):
    whole = rules.period(AT, AT + 20 * HOUR)
    kept = [rules.Period(AT + a * HOUR, AT + b * HOUR) for a, b in pairs if a < b]
    left = rules.without([whole], kept)
    for hour in range(20):
        moment = rules.Period(AT + hour * HOUR, AT + (hour + 1) * HOUR)
        is_left = any(one.holds(moment) for one in left)
        assert is_left is not any(one.meets(moment) for one in kept)
