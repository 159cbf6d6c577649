"""Pure rules by example, arithmetic by hypothesis."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliance.core.calendar import WorkingHours, calendar_for, parse_periods
from referrals import rules
from referrals.choices import AlertLevel, Clock, Status

NOON = datetime(2026, 11, 21, 4, 0, tzinfo=UTC)
COMPLETE = {
    "patient": 1,
    "receiver": 2,
    "direction": "up",
    "urgency": "urgent",
    "preliminary_impression": "a",
    "present_illness": "b",
    "indication": "c",
    "diagnoses": [1],
    "consent": {"given": True},
}


@pytest.mark.parametrize(
    ("change", "missing"),
    [
        ({}, set()),
        ({"indication": "  "}, {"indication"}),
        ({"patient": None, "receiver": None}, {"patient", "receiver"}),
        ({"diagnoses": []}, {"diagnoses"}),
        ({"consent": {"given": False}}, {"consent"}),
        ({"urgency": "emergency", "indication": "", "diagnoses": [], "consent": None}, set()),
        ({"urgency": "emergency", "preliminary_impression": ""}, {"preliminary_impression"}),
        ({"direction": "down"}, {"diagnosis_result", "stability", "rehabilitation_advice"}),
    ],
)
def test_submission_errors(change, missing):
    assert set(rules.submission_errors(COMPLETE | change)) == missing


@pytest.mark.parametrize(
    ("change", "owed"),
    [
        ({}, []),
        ({"urgency": "emergency"}, []),
        ({"urgency": "emergency", "indication": "", "consent": None}, ["indication", "consent"]),
        ({"urgency": "routine", "indication": ""}, []),
    ],
)
def test_owed_paperwork(change, owed):
    assert rules.owed_paperwork(COMPLETE | change) == owed


def test_reasons_not_to_receive_names_each():
    nothing = rules.Receiving(
        active=False,
        related=False,
        direction_fits=False,
        has_department=False,
        tier_permits=False,
    )
    codes = rules.reasons_not_to_receive(nothing)
    assert codes[0] == "receiver_inactive"
    assert len(codes) == 5
    assert all(rules.reason_text(code) for code in codes)
    fine = rules.Receiving(active=True, related=True, direction_fits=True, has_department=True)
    assert rules.reasons_not_to_receive(fine) == []


@pytest.mark.parametrize(
    ("status", "back", "followed", "clock"),
    [
        (Status.PENDING, False, False, Clock.DECISION),
        (Status.IN_CARE, False, False, None),
        (Status.IN_CARE, True, False, Clock.FIRST_FOLLOW_UP),
        (Status.IN_CARE, True, True, None),
        (Status.CARE_DONE, False, False, Clock.REPLY_LETTER),
        (Status.CLOSED, False, False, None),
    ],
)
def test_clock_of(status, back, followed, clock):
    assert rules.clock_of(status, is_back_leg=back, followed_up=followed) == clock


@given(st.integers(1, 100_000), st.integers(0, 100_000))
def test_stopped_clock_keeps_exactly_what_was_left(minutes, passed):
    due = rules.due_at(NOON, minutes, None)
    now = NOON + timedelta(minutes=passed)
    assert rules.minutes_left(now, due, None) == max(0, minutes - passed)


def test_stopped_clock_of_a_desk_keeps_its_office_hours():
    desk = calendar_for(WorkingHours.weekdays(parse_periods("08:00-12:00 14:00-17:30")))
    friday = NOON - timedelta(days=1, minutes=30)  # 11:30 at the desk
    due = rules.due_at(friday, 255, desk)
    assert due == datetime(2026, 11, 23, 0, 15, tzinfo=UTC)  # Monday at 08:15
    assert rules.minutes_left(friday, due, desk) == 255
    assert rules.minutes_left(NOON, due, desk) == 15
    assert rules.minutes_left(due, due, desk) == 0


def _moments():
    return rules.alert_moments(
        NOON, NOON - timedelta(minutes=30), rules.Escalation(manager=30, office=240)
    )


@pytest.mark.parametrize(
    ("minutes", "sent", "owed"),
    [
        (-31, [], []),
        (-30, [], ["warning"]),
        (-1, ["warning"], []),
        (0, ["warning"], ["due"]),
        (0, [], ["due"]),
        (600, [], ["due", "manager", "office"]),
        (600, ["warning", "due", "manager", "office"], []),
    ],
)
def test_alerts_owed_once_each_however_late(minutes, sent, owed):
    now = NOON + timedelta(minutes=minutes)
    assert rules.alerts_owed(_moments(), sent, now) == owed


def test_next_alert_ends_after_the_last():
    assert rules.next_alert(_moments(), NOON) == NOON + timedelta(minutes=30)
    assert rules.next_alert(_moments(), NOON + timedelta(days=1)) is None
    assert set(_moments()) == set(AlertLevel) - {AlertLevel.LAPSE}  # told by the lapse itself


@given(
    st.lists(
        st.tuples(st.integers(0, 10_000), st.sampled_from([1, 2, 3])), min_size=1, max_size=20
    ),
    st.integers(0, 5_000),
)
def test_every_second_is_somebodys(steps, rest):
    held = [rules.Held(NOON + timedelta(seconds=at), holder) for at, holder in steps]
    first, last = min(s.at for s in held), max(s.at for s in held)
    until = last + timedelta(seconds=rest)
    spent = rules.seconds_by_holder(held, until)
    assert sum(spent.values()) == (until - first).total_seconds()


@given(st.lists(st.integers(0, 1_999_999), min_size=1, max_size=30))
def test_steps_shorter_than_a_second_lose_none(gaps):
    at, held = NOON, []
    for holder, gap in enumerate(gaps):
        held.append(rules.Held(at, holder % 2))
        at += timedelta(microseconds=gap)
    spent = rules.seconds_by_holder(held, at)
    assert sum(spent.values()) == int((at - NOON).total_seconds())


def test_no_steps_are_nobodys_minutes():
    assert rules.seconds_by_holder([], NOON) == {}


def test_final_step_stops_all_clocks():
    held = [rules.Held(NOON, 1), rules.Held(NOON + timedelta(hours=1), None)]
    assert rules.seconds_by_holder(held, NOON + timedelta(days=9)) == {1: 3600}
