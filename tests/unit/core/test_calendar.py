"""Working time: examples a desk would recognise, then the laws that every calendar obeys."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliance.core import calendar as wt
from alliance.core.calendar import ALWAYS_OPEN, DayException, Period, WorkingHours

SHANGHAI = ZoneInfo("Asia/Shanghai")
OFFICE = WorkingHours.weekdays(wt.parse_periods("08:00-12:00 14:00-17:30"))
NIGHT = WorkingHours(week=(wt.parse_periods("00:00-06:00 20:00-24:00"),) * 7)
CLOSED = WorkingHours(week=((),) * 7)


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


# 2026-11-20 is a Friday; 2026-10-01 to 07 is the National Day holiday, Saturday 10-10 made up for it.
@pytest.mark.parametrize(
    ("start", "minutes", "due"),
    [
        pytest.param("2026-11-20 09:00", 60, "2026-11-20 10:00", id="inside a period"),
        pytest.param("2026-11-20 11:00", 60, "2026-11-20 12:00", id="to closing time"),
        pytest.param("2026-11-20 11:30", 60, "2026-11-20 14:30", id="over lunch"),
        pytest.param("2026-11-20 12:30", 60, "2026-11-20 15:00", id="from lunch"),
        pytest.param("2026-11-20 17:00", 60, "2026-11-23 08:30", id="over the weekend"),
        pytest.param("2026-11-20 17:30", 30, "2026-11-23 08:30", id="from closing time"),
        pytest.param("2026-11-21 09:00", 30, "2026-11-23 08:30", id="from a Saturday"),
        pytest.param("2026-11-21 09:00", 0, "2026-11-21 09:00", id="nothing"),
        pytest.param("2026-09-30 17:00", 60, "2026-10-08 08:30", id="over National Day"),
        pytest.param("2026-10-09 17:30", 60, "2026-10-10 09:00", id="into a make-up Saturday"),
        pytest.param("2026-11-20 08:00", 450, "2026-11-20 17:30", id="a whole day"),
        pytest.param("2026-11-20 08:00", 451, "2026-11-23 08:01", id="a day and a minute"),
    ],
)
def test_add_working_minutes(start, minutes, due):
    assert wt.add_working_minutes(at(start), minutes, OFFICE) == at(due)


@pytest.mark.parametrize(
    ("start", "end", "minutes"),
    [
        ("2026-11-20 09:00", "2026-11-20 10:00", 60),
        ("2026-11-20 11:30", "2026-11-20 14:30", 60),
        ("2026-11-20 12:00", "2026-11-20 14:00", 0),
        ("2026-11-20 17:30", "2026-11-23 08:00", 0),
        ("2026-11-20 00:00", "2026-11-21 00:00", 450),
        ("2026-09-30 17:00", "2026-10-08 08:30", 60),
        ("2026-10-01 00:00", "2026-10-11 00:00", 3 * 450),
        ("2026-11-20 10:00", "2026-11-20 09:00", -60),
        ("2026-11-20 09:00:30", "2026-11-20 09:02:29", 1),
        ("2026-11-20 09:02:29", "2026-11-20 09:00:30", -1),
    ],
)
def test_working_minutes_between(start, end, minutes):
    assert wt.working_minutes_between(at(start), at(end), OFFICE) == minutes


@pytest.mark.parametrize(
    ("end", "minutes", "start"),
    [
        ("2026-11-20 10:00", 60, "2026-11-20 09:00"),
        ("2026-11-20 14:30", 30, "2026-11-20 14:00"),
        ("2026-11-20 14:30", 60, "2026-11-20 11:30"),
        ("2026-11-23 08:30", 60, "2026-11-20 17:00"),
        ("2026-11-22 08:30", 0, "2026-11-22 08:30"),
    ],
)
def test_subtract_working_minutes(end, minutes, start):
    assert wt.subtract_working_minutes(at(end), minutes, OFFICE) == at(start)


@pytest.mark.parametrize(
    ("start", "minutes", "due"),
    [
        ("2026-11-20 23:30", 60, "2026-11-21 00:30"),
        ("2026-11-20 23:30", 30, "2026-11-21 00:00"),
        ("2026-11-20 05:30", 60, "2026-11-20 20:30"),
        ("2026-11-20 00:00", 600, "2026-11-21 00:00"),
    ],
)
def test_night_hours_are_right_at_midnight(start, minutes, due):
    assert wt.add_working_minutes(at(start), minutes, NIGHT) == at(due)
    assert wt.working_minutes_between(at(start), at(due), NIGHT) == minutes


def test_always_open_ignores_weekends_and_holidays():
    start = at("2026-09-30 23:00")
    assert wt.add_working_minutes(start, 10 * 1440) == start + timedelta(days=10)
    assert wt.working_minutes_between(start, start + timedelta(days=10)) == 10 * 1440


def test_answers_come_in_the_zone_of_the_question():
    start = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)  # 09:00 in Shanghai
    due = wt.add_working_minutes(start, 60, OFFICE)
    assert due == at("2026-11-20 10:00")
    assert due.tzinfo is UTC


@pytest.mark.parametrize(
    ("exception", "open_"),
    [
        (DayException(date(2026, 11, 20), is_open=False), ""),
        (DayException(date(2026, 11, 21), is_open=True), "08:00-12:00 14:00-17:30"),
        (
            DayException(date(2026, 10, 1), is_open=True, periods=(Period(540, 600),)),
            "09:00-10:00",
        ),
        (DayException(date(2026, 10, 10), is_open=False), ""),
    ],
)
def test_own_exception_speaks_first(exception, open_):
    day = wt.calendar_for(OFFICE, [exception])
    assert wt.format_periods(day.periods_on(exception.day)) == open_


def test_add_over_an_own_exception():
    closed = [DayException(date(2026, 11, 23), is_open=False)]
    assert wt.add_working_minutes(at("2026-11-20 17:00"), 60, OFFICE, closed) == at(
        "2026-11-24 08:30"
    )


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [
        ("2026-11-20 07:59:59", False),
        ("2026-11-20 08:00", True),
        ("2026-11-20 11:59:59", True),
        ("2026-11-20 12:00", False),
        ("2026-11-21 09:00", False),
        ("2026-10-02 09:00", False),
        ("2026-10-10 09:00", True),
    ],
)
def test_is_open_at_is_half_open(moment, is_open):
    assert wt.calendar_for(OFFICE).is_open_at(at(moment)) is is_open


def test_saturday_hours_hold_on_saturdays_but_not_on_a_holiday_saturday():
    hours = WorkingHours.parse(dict.fromkeys(range(6), "08:00-12:00"))
    calendar = wt.calendar_for(hours)
    assert calendar.periods_on(date(2026, 11, 21))
    assert not calendar.periods_on(date(2026, 10, 3))


def test_years_beyond_the_table_follow_the_weekdays():
    assert wt.holidays_known(2026)
    assert not wt.holidays_known(2040)
    assert wt.calendar_for(OFFICE).periods_on(date(2040, 10, 1))  # a Monday
    assert not wt.calendar_for(OFFICE).periods_on(date(2040, 10, 6))


def test_naive_moments_are_refused():
    naive = datetime(2026, 11, 20, 9, 0)  # noqa: DTZ001 - that is the point
    for minutes in (0, 1):
        with pytest.raises(ValueError, match="aware"):
            wt.add_working_minutes(naive, minutes, OFFICE)
    with pytest.raises(ValueError, match="aware"):
        wt.working_time_between(naive, at("2026-11-20 09:00"), OFFICE)


@pytest.mark.parametrize("move", [wt.add_working_minutes, wt.subtract_working_minutes])
def test_negative_minutes_are_refused(move):
    with pytest.raises(ValueError, match="negative"):
        move(at("2026-11-20 09:00"), -1, OFFICE)


@pytest.mark.parametrize("move", [wt.add_working_minutes, wt.subtract_working_minutes])
def test_hours_that_never_open_have_no_such_moment(move):
    with pytest.raises(wt.NoWorkingTime):
        move(at("2026-11-20 09:00"), 1, CLOSED)


@pytest.mark.parametrize(
    ("text", "periods"),
    [
        ("08:00-12:00 14:00-17:30", (Period(480, 720), Period(840, 1050))),
        ("08：00-12：00，14：00-17：30", (Period(480, 720), Period(840, 1050))),
        ("00:00-24:00", wt.WHOLE_DAY),
        ("", ()),
    ],
)
def test_parse_periods(text, periods):
    assert wt.parse_periods(text) == periods
    assert wt.parse_periods(wt.format_periods(periods)) == periods


@pytest.mark.parametrize(
    "text",
    [
        "08:00",
        "8-12",
        "12:00-08:00",
        "08:00-08:00",
        "24:00-25:00",
        "morning-noon",
        "14:00-15:00 08:00-09:00",
        "08:00-12:00 11:00-13:00",
    ],
)
def test_parse_periods_refuses(text):
    with pytest.raises(ValueError, match=r"."):
        wt.parse_periods(text)


def test_impossible_hours_and_exceptions_are_refused():
    with pytest.raises(ValueError, match="seven"):
        WorkingHours(week=())
    with pytest.raises(ValueError, match="overlap"):
        WorkingHours(week=((Period(0, 60), Period(30, 90)),) * 7)
    with pytest.raises(ValueError, match="closed"):
        DayException(date(2026, 11, 20), is_open=False, periods=(Period(0, 60),))


# --- laws -------------------------------------------------------------------------------------


@st.composite
def day_periods(draw):
    marks = draw(st.lists(st.integers(0, 1440), max_size=6, unique=True).map(sorted))
    return tuple(Period(a, b) for a, b in zip(marks[::2], marks[1::2], strict=False))


DAYS = st.dates(date(2024, 1, 1), date(2028, 12, 31))
HOURS = st.builds(
    lambda week, holidays: WorkingHours(week=tuple(week), observes_holidays=holidays),
    st.lists(day_periods(), min_size=7, max_size=7).filter(any),
    st.booleans(),
)
EXCEPTIONS = st.lists(
    st.one_of(
        st.builds(DayException, DAYS, st.just(False)),
        st.builds(DayException, DAYS, st.just(True), day_periods()),
    ),
    max_size=4,
)
CALENDARS = st.builds(wt.calendar_for, HOURS, EXCEPTIONS)
MOMENTS = st.datetimes(datetime(2024, 1, 1), datetime(2028, 12, 31), timezones=st.just(SHANGHAI))  # noqa: DTZ001 - bounds are naive by Hypothesis' contract
MINUTES = st.integers(0, 200_000)


@given(CALENDARS, MOMENTS, MINUTES)
def test_add_then_between_comes_back(calendar, start, minutes):
    assert calendar.time_between(start, calendar.add_minutes(start, minutes)) == timedelta(
        minutes=minutes
    )


@given(CALENDARS, MOMENTS, st.integers(0, 50_000))
def test_subtract_then_between_comes_back(calendar, end, minutes):
    assert calendar.time_between(calendar.subtract_minutes(end, minutes), end) == timedelta(
        minutes=minutes
    )


@given(CALENDARS, MOMENTS, st.integers(1, 50_000))
def test_add_gives_the_earliest_and_subtract_the_latest(calendar, moment, minutes):
    tick = timedelta(microseconds=1)
    due = calendar.add_minutes(moment, minutes)
    assert calendar.time_between(moment, due - tick) < timedelta(minutes=minutes)
    begun = calendar.subtract_minutes(moment, minutes)
    assert calendar.time_between(begun + tick, moment) < timedelta(minutes=minutes)


@given(CALENDARS, MOMENTS, MINUTES, MINUTES)
def test_add_is_additive(calendar, start, first, second):
    once = calendar.add_minutes(start, first + second)
    assert calendar.add_minutes(calendar.add_minutes(start, first), second) == once


@given(CALENDARS, MOMENTS, MOMENTS, MINUTES)
def test_add_is_monotone(calendar, one, other, minutes):
    early, late = sorted([one, other])
    assert calendar.add_minutes(early, minutes) <= calendar.add_minutes(late, minutes)
    assert calendar.add_minutes(early, minutes) <= calendar.add_minutes(early, minutes + 1)


@given(CALENDARS, MOMENTS, MOMENTS, MOMENTS)
def test_time_between_is_additive_and_never_longer_than_the_wall(calendar, a, b, c):
    whole = calendar.time_between(a, c)
    assert calendar.time_between(a, b) + calendar.time_between(b, c) == whole
    assert calendar.time_between(a, b) == -calendar.time_between(b, a)
    assert abs(whole) <= abs(c - a)


@given(CALENDARS, DAYS, st.integers(0, 60))
def test_time_between_is_the_sum_of_the_days(calendar, day, length):
    start = datetime(day.year, day.month, day.day, tzinfo=SHANGHAI)
    days = [day + timedelta(days=n) for n in range(length)]
    expected = sum(p.minutes for d in days for p in calendar.periods_on(d))
    assert calendar.minutes_between(start, start + timedelta(days=length)) == expected


@given(MOMENTS, MINUTES)
def test_always_open_is_plain_addition(start, minutes):
    assert wt.add_working_minutes(start, minutes, ALWAYS_OPEN) == start + timedelta(minutes=minutes)


def test_decades_cost_no_more_than_days():
    start = at("2026-11-20 09:00")
    due = wt.add_working_minutes(start, 450 * 250 * 40, OFFICE)
    assert due.year > 2060
    assert wt.working_minutes_between(start, due, OFFICE) == 450 * 250 * 40
