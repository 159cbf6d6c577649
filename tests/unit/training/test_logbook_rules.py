"""Rules of logbook entries, by example."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from alliance.core.errors import TransitionNotAllowed
from training.logbook import rules
from training.logbook.choices import Act, CaseStatus
from training.logbook.workflow import TRANSITIONS, next_status, open_acts

TODAY = date(2026, 6, 1)
FINE = rules.CaseFacts(
    on=TODAY,
    performed_on=date(2026, 5, 30),
    days_late_most=365,
    practice_started_on=date(2012, 7, 1),
    supervisor_privileged=True,
)


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        ({}, set()),
        ({"performed_on": TODAY}, set()),
        ({"performed_on": date(2026, 6, 2)}, {"performed_on"}),
        ({"performed_on": date(2025, 6, 1)}, set()),
        ({"performed_on": date(2025, 5, 31)}, {"performed_on"}),
        ({"performed_on": date(2025, 5, 31), "is_prior": True}, set()),
        ({"performed_on": date(2012, 6, 30), "is_prior": True}, {"performed_on"}),
        ({"operator_absent": True}, {"performed_on"}),
        ({"supervisor_absent": True}, {"supervisor"}),
        ({"supervisor_privileged": False}, {"supervisor"}),
        ({"supervisor_privileged": False, "is_prior": True}, set()),
        ({"supervisor_privileged": None}, set()),
        ({"operator_absent": True, "supervisor_absent": True}, {"performed_on", "supervisor"}),
    ],
)
def test_what_stands_in_the_way_of_an_entry(said, wrong):
    assert set(rules.case_errors(replace(FINE, **said))) == wrong


SUPERVISED = rules.Shape("supervised", 1, 2, "good", "", True)


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        ({}, set()),
        ({"supervisor_id": None}, {"supervisor"}),
        ({"supervisor_id": None, "role": "independent"}, set()),
        ({"supervisor_id": 1}, {"supervisor"}),
        ({"outcome": "complication"}, {"clavien_dindo"}),
        ({"outcome": "complication", "grade": "V"}, {"clavien_dindo"}),
        ({"outcome": "complication", "grade": "IIIa"}, set()),
        ({"outcome": "death", "grade": "V"}, set()),
        ({"grade": "I"}, {"clavien_dindo"}),
        ({"is_named": False}, {"external_case_number"}),
    ],
)
def test_the_parts_of_an_entry_fit_together(said, wrong):
    assert set(rules.shape_errors(replace(SUPERVISED, **said))) == wrong


@pytest.mark.parametrize(
    ("ratings", "is_right"),
    [
        ({"a": 1, "b": 5}, True),
        ({"a": 1}, False),
        ({"a": 0, "b": 5}, False),
        ({"a": 1, "b": 6}, False),
        ({"a": 1, "b": True}, False),
        ({"a": 1, "b": 2, "c": 3}, False),
    ],
)
def test_marks_fit_their_scale(ratings, is_right):
    assert (not rules.rating_errors(rules.Scale(["a", "b"], 1, 5), ratings)) is is_right


def test_the_mean_of_marks_rounds_halves_upward():
    assert rules.mean([4, 4, 5]) == Decimal("4.33")
    assert rules.mean([1, 2, 2, 2, 2, 2, 2, 2]) == Decimal("1.88")


@pytest.mark.parametrize(
    ("cause", "decision", "note", "wrong"),
    [
        ("loss", "learn", "Two bile leaks", set()),
        ("loss", "not_yet", "Two bile leaks", {"decision"}),
        ("competence", "not_yet", " ", {"note"}),
        ("competence", "", "", {"decision", "note"}),
    ],
)
def test_a_decision_is_one_of_those_offered_and_says_why(cause, decision, note, wrong):
    assert set(rules.decision_errors(cause=cause, decision=decision, note=note)) == wrong


@pytest.mark.parametrize("act", Act)
@pytest.mark.parametrize("status", CaseStatus)
def test_every_pair_of_status_and_act(status, act):
    assert (act in open_acts(status)) is (status in TRANSITIONS[act].sources)
    if status in TRANSITIONS[act].sources:
        assert next_status(status, act) == TRANSITIONS[act].target
    else:
        with pytest.raises(TransitionNotAllowed):
            next_status(status, act)


def test_what_is_void_stays_void():
    assert open_acts(CaseStatus.VOID) == []
