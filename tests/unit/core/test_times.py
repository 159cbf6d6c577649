"""Moments, durations and clocks in words."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.template import Context, Template
from django.utils import translation

from alliance.core.templatetags import times
from alliance.core.templatetags.times import ClockLevel, clock_level, clock_words

NOW = datetime(2026, 11, 21, 1, 2, tzinfo=UTC)  # 09:02 in Shanghai, a Saturday


def hours(count):
    return timedelta(hours=count)


@pytest.fixture(autouse=True)
def at_nine():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.mark.parametrize(
    ("facts", "level"),
    [
        pytest.param({"due": NOW + hours(2)}, ClockLevel.GREEN, id="time left"),
        pytest.param({"due": NOW + hours(2), "warn": NOW + hours(1)}, ClockLevel.GREEN, id="calm"),
        pytest.param({"due": NOW + hours(2), "warn": NOW}, ClockLevel.AMBER, id="warned"),
        pytest.param({"due": NOW}, ClockLevel.RED, id="due this moment"),
        pytest.param({"due": NOW - hours(1), "paused": True}, ClockLevel.PAUSED, id="paused"),
        pytest.param({"due": NOW, "ended": NOW}, ClockLevel.DONE, id="done in time"),
        pytest.param({"due": NOW, "ended": NOW + hours(1)}, ClockLevel.RED, id="done late"),
    ],
)
def test_clock_level(facts, level):
    assert clock_level(now=NOW, **facts) == level


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"due": NOW + timedelta(minutes=72)}, "1 h 12 min left"),
        ({"due": NOW - timedelta(minutes=4)}, "4 min overdue"),
        ({"due": NOW + hours(1), "paused": True}, "Clock paused"),
        ({"due": NOW, "ended": NOW}, "Done in time"),
        ({"due": NOW, "ended": NOW + hours(26)}, "Done 1 d 2 h late"),
    ],
)
def test_clock_words(facts, words):
    assert clock_words(now=NOW, **facts) == words


def test_clock_is_complete_without_scripts():
    html = Template("{% load times %}{% clock due warn holder='County' %}").render(
        Context({"due": NOW + hours(1), "warn": NOW})
    )
    assert "clock--amber" in html
    assert "1 h left" in html
    assert "County" in html
    assert 'data-due="2026-11-21T10:02:00+08:00"' in html
    assert "data-clock" in html


@pytest.mark.parametrize("stop", ["paused=True", "ended=due"])
def test_stopped_clock_does_not_count(stop):
    html = Template(f"{{% load times %}}{{% clock due {stop} %}}").render(Context({"due": NOW}))
    assert "data-clock" not in html


def test_no_due_time_shows_nothing():
    assert Template("{% load times %}{% clock due warn=unknown %}").render(Context()).strip() == ""


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (timedelta(days=2, hours=3, minutes=59), "2 d 3 h"),
        (timedelta(days=1, minutes=59), "1 d"),
        (hours(5), "5 h"),
        (-timedelta(minutes=61), "1 h 1 min"),
        (timedelta(minutes=38, seconds=59), "38 min"),
        (timedelta(seconds=59), "less than 1 min"),
        (timedelta(0), "less than 1 min"),
        (None, ""),
    ],
)
def test_duration(value, words):
    assert times.duration(value) == words


def test_moments_in_english():
    assert times.when(NOW) == "21 Nov 09:02"
    assert times.when(NOW - timedelta(days=365)) == "21 Nov 2025 09:02"
    assert times.day(date(2026, 11, 21)) == "21 Nov"
    assert times.day(datetime(2026, 11, 20, 17, tzinfo=UTC)) == "21 Nov"
    assert times.time_of_day(NOW) == "09:02"


def test_moments_in_chinese():
    with translation.override("zh-hans"):
        assert times.when(NOW) == "11月21日 09:02"
        assert times.day(date(2025, 11, 21)) == "2025年11月21日"
        assert times.day_and_weekday(NOW) == "11月21日 星期六"


@pytest.mark.parametrize(
    ("first", "last", "since", "until"),
    [
        (date(2026, 11, 21), date(2026, 12, 1), "11月21日", "12月1日"),
        (date(2025, 3, 1), date(2026, 11, 21), "2025年3月1日", "2026年11月21日"),
        (date(2025, 3, 1), date(2025, 4, 1), "2025年3月1日", "2025年4月1日"),
    ],
)
def test_two_days_say_their_years_where_they_differ(first, last, since, until):
    with translation.override("zh-hans"):
        assert times.day_until(first, last) == f"{since} \N{EN DASH} {until}"


@pytest.mark.parametrize("show", [times.when, times.day, times.day_and_weekday, times.time_of_day])
def test_no_moment_is_no_text(show):
    assert show(None) == ""


def test_server_now_names_its_offset():
    assert times.server_now() == "2026-11-21T01:02:00.000+00:00"
