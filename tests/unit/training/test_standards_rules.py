"""Pure rules of admission, and its machine."""

from datetime import date

import pytest

from alliance.core.errors import TransitionNotAllowed
from training.standards import rules
from training.standards.choices import Move, Status
from training.standards.workflow import TRANSITIONS, moves_from, next_status

D = date


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("move", Move)
def test_every_pair_of_status_and_move(status, move):
    rule = TRANSITIONS[move]
    if status in rule.sources:
        assert next_status(status, move) == (rule.target or status)
        assert move in moves_from(status)
    else:
        assert move not in moves_from(status)
        with pytest.raises(TransitionNotAllowed) as refused:
            next_status(status, move)
        assert refused.value.details == {"status": status}


def test_what_is_refused_or_withdrawn_stays_so():
    assert moves_from(Status.REFUSED) == moves_from(Status.WITHDRAWN) == []


@pytest.mark.parametrize(("values", "fields"), [([], []), ([0, 3], []), ([3, None], ["answers"])])
def test_submission_needs_every_answer(values, fields):
    assert list(rules.submission_errors(values)) == fields


DECISION = {
    "unmet": 0,
    "conditions": "",
    "valid_from": D(2026, 3, 1),
    "valid_until": D(2029, 3, 1),
    "submitted_on": D(2026, 2, 1),
}


@pytest.mark.parametrize(
    ("changed", "fields"),
    [
        ({}, []),
        ({"valid_until": None}, []),
        ({"valid_from": None}, ["valid_from"]),
        ({"valid_from": D(2026, 1, 31)}, ["valid_from"]),
        ({"valid_from": D(2026, 2, 1)}, []),
        ({"valid_until": D(2026, 3, 1)}, ["valid_until"]),
        ({"unmet": 1}, ["conditions"]),
        ({"unmet": 1, "conditions": "半年内补齐"}, []),
    ],
)
def test_decision(changed, fields):
    assert list(rules.decision_errors(**DECISION | changed)) == fields


STOP = {
    "valid_from": D(2026, 3, 1),
    "valid_until": None,
    "stop_condition": "hazard",
    "on": D(2026, 3, 1),
}


@pytest.mark.parametrize(
    ("changed", "fields"),
    [
        ({}, []),
        ({"stop_condition": ""}, ["stop_condition"]),
        ({"valid_from": None}, ["valid_from"]),
        ({"valid_from": D(2026, 2, 28)}, ["valid_from"]),
        ({"valid_until": D(2026, 3, 1)}, ["valid_until"]),
        ({"valid_until": D(2026, 3, 2)}, []),
    ],
)
def test_suspension(changed, fields):
    assert list(rules.suspension_errors(**STOP | changed)) == fields


@pytest.mark.parametrize(
    ("used_on", "fields"),
    [
        (None, ["first_used_on"]),
        (D(2026, 3, 1), []),
        (D(2026, 3, 11), ["first_used_on"]),
        (D(2026, 2, 28), ["first_used_on"]),
        (D(2026, 3, 9), ["first_used_on"]),
        (D(2026, 3, 8), []),
    ],
)
def test_first_use(used_on, fields):
    period = {"valid_from": D(2026, 3, 1), "valid_until": D(2026, 3, 9), "on": D(2026, 3, 10)}
    assert list(rules.first_use_errors(used_on=used_on, **period)) == fields


@pytest.mark.parametrize(
    ("filed_on", "number", "fields"),
    [
        (None, "1", ["filed_on"]),
        (D(2026, 3, 11), "1", ["filed_on"]),
        (D(2026, 2, 28), "1", ["filed_on"]),
        (D(2026, 3, 5), " ", ["filing_number"]),
        (D(2026, 3, 5), "卫备 1", []),
    ],
)
def test_filing(filed_on, number, fields):
    days = {"first_used_on": D(2026, 3, 1), "on": D(2026, 3, 10)}
    assert list(rules.filing_errors(filed_on=filed_on, number=number, **days)) == fields


@pytest.mark.parametrize(
    ("used", "days", "due"),
    [
        (D(2026, 3, 2), 15, D(2026, 3, 23)),
        (D(2026, 3, 6), 1, D(2026, 3, 9)),
        (D(2026, 3, 7), 1, D(2026, 3, 9)),
        # The spring festival of 2026 lies between, and a Saturday is worked for it.
        (D(2026, 2, 13), 1, D(2026, 2, 14)),
        (D(2026, 2, 13), 2, D(2026, 2, 24)),
    ],
)
def test_filing_is_due_after_so_many_working_days(used, days, due):
    assert rules.filing_due(used, working_days=days) == due


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (D(2026, 1, 31), 1, D(2026, 2, 28)),
        (D(2026, 11, 22), 36, D(2029, 11, 22)),
        (D(2026, 12, 5), 1, D(2027, 1, 5)),
    ],
)
def test_months_later(day, months, later):
    assert rules.months_later(day, months) == later
