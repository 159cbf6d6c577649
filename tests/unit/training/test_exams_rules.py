"""Rules of exams: marking, standing, quarters, stations; no database."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.exams import rules
from training.exams.choices import Standing

SINGLE = {"kind": "single", "options": ["a", "b", "c"], "answer": [1]}
SEVERAL = {"kind": "multiple", "options": ["a", "b", "c"], "answer": [0, 2]}
JUDGED = {"kind": "judgement", "options": [], "answer": [0]}
PAPER = [SINGLE, SEVERAL, JUDGED]


def question(**more):
    return {"kind": "single", "text": "?", "options": ["a", "b"], "answer": [0]} | more


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"text": " "}, "text"),
        ({"kind": "judgement"}, "options"),
        ({"options": ["a"]}, "options"),
        ({"options": list("abcdefghi")}, "options"),
        ({"options": ["a", "a"]}, "options"),
        ({"answer": []}, "answer"),
        ({"answer": [2]}, "answer"),
        ({"answer": [0, 1]}, "answer"),
        ({"kind": "multiple"}, "answer"),
        ({"kind": "judgement", "options": [], "answer": [2]}, "answer"),
    ],
)
def test_a_question_that_cannot_be_answered_is_refused(wrong, field):
    assert list(rules.question_errors(**question(**wrong))) == [field]


@pytest.mark.parametrize(
    "good",
    [{}, {"kind": "multiple", "answer": [0, 1]}, {"kind": "judgement", "options": []}],
    ids=["one", "several", "judgement"],
)
def test_a_good_question_is_let_through(good):
    assert rules.question_errors(**question(**good)) == {}


def test_letters_are_read_as_they_are_written():
    assert rules.letters([2, 0]) == "AC"
    assert rules.numbers(" a，C、c ") == [0, 2]
    with pytest.raises(ValueError, match="not found"):
        rules.numbers("A1")


def test_only_answers_that_fit_the_paper_are_kept():
    sent = {"0": [2, 1, 7], "1": [2, 0, 2], "2": [5], "9": [0]}
    assert rules.cleaned(PAPER, sent) == {"0": [1], "1": [0, 2]}
    assert rules.unanswered(PAPER, {"0": [1]}) == [2, 3]


@pytest.mark.parametrize(
    ("answers", "right", "passed"),
    [
        ({"0": [1], "1": [0, 2], "2": [0]}, 3, True),
        ({"0": [1], "1": [0], "2": [0]}, 2, True),
        ({"0": [0], "1": [0, 1, 2], "2": [0]}, 1, False),
        ({}, 0, False),
    ],
    ids=["all", "half an answer is none", "one too many", "nothing"],
)
def test_marks(answers, right, passed):
    marks = rules.mark(PAPER, answers, pass_mark=66)
    assert (marks.right, marks.total, marks.passed) == (right, 3, passed)
    assert marks.score == 100 * right // 3


@given(st.integers(1, 60), st.integers(0, 60), st.integers(1, 100))
def test_a_rounded_score_never_passes_by_rounding(total, right, pass_mark):
    right = min(right, total)
    answers = {str(place): [1] for place in range(right)}
    marks = rules.mark([SINGLE] * total, answers, pass_mark=pass_mark)
    assert marks.passed == (right / total >= pass_mark / 100)
    if not marks.passed:
        assert marks.score < pass_mark


def test_time_is_over_after_the_grace():
    due = rules.due_at(datetime(2026, 3, 2, 9, tzinfo=UTC), 30)
    assert due == datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
    assert not rules.is_late(due, due + timedelta(seconds=30), grace_seconds=30)
    assert rules.is_late(due, due + timedelta(seconds=31), grace_seconds=30)


DAY = date(2026, 3, 2)
ONLINE = rules.Terms(is_online=True, attempts_allowed=2, wait_days=3)


def record(attempts=0, has_open=False, passed_on=None, last_on=None, extra=0):
    return rules.Record(attempts, has_open, passed_on, last_on, extra)


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (record(), Standing.MAY_START),
        (record(1, has_open=True), Standing.OPEN),
        (record(1, last_on=DAY - timedelta(days=2)), Standing.WAITING),
        (record(1, last_on=DAY - timedelta(days=3)), Standing.MAY_START),
        (record(2, last_on=DAY - timedelta(days=9)), Standing.USED_UP),
        (record(2, last_on=DAY - timedelta(days=9), extra=1), Standing.MAY_START),
        (record(1, passed_on=DAY, last_on=DAY), Standing.PASSED),
    ],
)
def test_where_somebody_stands(facts, expected):
    assert rules.standing(ONLINE, facts, on=DAY) == expected


def test_an_exam_in_person_is_never_begun_on_the_screen():
    terms = rules.Terms(is_online=False, attempts_allowed=1, wait_days=0)
    assert rules.standing(terms, record(), on=DAY) == Standing.IN_PERSON


@pytest.mark.parametrize(
    ("terms", "fields"),
    [
        ({}, []),
        ({"is_online": False, "draw_count": 0, "minutes": 0}, []),
        ({"is_practical": True}, ["bank"]),
        ({"draw_count": 0}, ["draw_count"]),
        ({"draw_count": 11}, ["draw_count"]),
        ({"minutes": 0}, ["minutes"]),
    ],
)
def test_terms_of_an_exam(terms, fields):
    good = {
        "is_online": True, "is_practical": False, "draw_count": 10, "minutes": 5, "available": 10,
    }  # fmt: skip
    assert list(rules.exam_errors(**good | terms)) == fields


def test_quarters():
    assert rules.quarter_of(date(2026, 12, 31)) == (2026, 4)
    assert rules.quarter_period(2026, 4) == (date(2026, 10, 1), date(2027, 1, 1))
    assert rules.quarter_period(2026, 1) == (date(2026, 1, 1), date(2026, 4, 1))


@pytest.mark.parametrize(
    ("on", "due"),
    [
        (date(2026, 3, 17), (2025, 4)),
        (date(2026, 3, 18), (2026, 1)),
        (date(2026, 4, 1), (2026, 1)),
        (date(2026, 1, 1), (2025, 4)),
    ],
)
def test_the_quarter_asked_for_is_this_one_only_near_its_end(on, due):
    assert rules.quarter_due(on, days=14) == due


@pytest.mark.parametrize(
    ("metric", "value", "reached", "wrong"),
    [
        ("seconds", 48, True, False),
        ("seconds", 49, False, False),
        ("score", 48, True, False),
        ("score", 47, False, False),
        ("score", 101, True, True),
        ("count", 1, True, False),
        ("count", "1.5", True, True),
        ("seconds", 0, True, True),
    ],
)
def test_what_a_station_asks_for(metric, value, reached, wrong):
    assert rules.reaches(metric, Decimal(value), Decimal(48)) is reached
    assert bool(rules.value_error(metric, Decimal(value))) is wrong


def test_cases_add_up_and_a_time_is_reached_once():
    days = [DAY + timedelta(days=n) for n in range(3)]
    cases = [(day, Decimal(8), True) for day in days]
    assert rules.station_fact("count", Decimal(20), cases) == rules.StationFact(24, days[2])
    assert rules.station_fact("count", Decimal(20), cases[:2]) == rules.StationFact(16, None)
    times = [
        (days[0], Decimal(60), False),
        (days[1], Decimal(40), True),
        (days[2], Decimal(9), True),
    ]
    assert rules.station_fact("seconds", Decimal(48), times) == rules.StationFact(3, days[1])
