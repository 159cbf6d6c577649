"""The arithmetic of granting: quorum, majority, excusals, what is missing, when renewal is open."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliance.core.errors import TransitionNotAllowed
from training.granting import rules
from training.granting.choices import Ballot, Ground, Move, Part, Side, Status
from training.granting.rules import Applicant, Requirement, Ties, VotingRules
from training.granting.workflow import FINAL, OPEN, TRANSITIONS, next_status, open_moves

TODAY = date(2026, 3, 2)
RULES = VotingRules(quorum_percent=67, votes_least=3, majority_percent=50)


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("move", Move)
def test_next_status_every_pair(status, move):
    row = TRANSITIONS.get(move)
    if row is not None and status in row.sources:
        assert next_status(status, move) == row.target
        assert move in open_moves(status)
    else:
        assert move not in open_moves(status)
        with pytest.raises(TransitionNotAllowed) as refused:
            next_status(status, move)
        assert refused.value.details["current_status"] == status


def test_nothing_happens_to_what_has_ended():
    assert {Status.GRANTED, Status.REFUSED, Status.WITHDRAWN} == FINAL
    assert {Status.SUBMITTED, Status.IN_COMMITTEE} == OPEN
    assert {row.side for row in TRANSITIONS.values()} == set(Side)


@pytest.mark.parametrize(
    ("entitled", "needed"),
    [(0, 3), (2, 3), (3, 3), (4, 3), (5, 4), (6, 5), (7, 5), (9, 7), (100, 67)],
)
def test_votes_needed(entitled, needed):
    assert rules.votes_needed(entitled, RULES) == needed


@pytest.mark.parametrize(
    ("ballots", "entitled", "outcome"),
    [
        ("", 3, None),
        ("ff", 3, None),
        ("fff", 3, Status.GRANTED),
        ("ffa", 3, Status.GRANTED),
        ("ffx", 3, Status.GRANTED),
        ("fax", 3, Status.REFUSED),
        ("aaa", 3, Status.REFUSED),
        ("xxx", 3, Status.REFUSED),
        # Half is not more than half.
        ("ffaa", 4, Status.REFUSED),
        ("fffa", 5, Status.GRANTED),
        ("fff", 5, None),
    ],
)
def test_outcome_of_a_vote(ballots, entitled, outcome):
    cast = [{"f": Ballot.FOR, "a": Ballot.AGAINST, "x": Ballot.ABSTAIN}[one] for one in ballots]
    found = rules.tally(cast, entitled=entitled, excused=1, rules=RULES)
    assert found.outcome == outcome
    assert found.has_quorum is (outcome is not None)
    assert found.is_reachable
    assert found.cast == len(ballots)
    assert found.as_json()["needed"] == found.needed


def test_a_quorum_out_of_reach():
    assert not rules.tally([], entitled=2, excused=3, rules=RULES).is_reachable


@given(
    st.integers(0, 40),
    st.integers(0, 40),
    st.integers(0, 40),
    st.integers(1, 100),
    st.integers(1, 99),
)
def test_a_vote_more_in_favour_never_refuses(in_favour, against, abstained, quorum, majority):
    voting = VotingRules(quorum, 1, majority)
    entitled = in_favour + against + abstained + 1
    ballots = ["for"] * in_favour + ["against"] * against + ["abstain"] * abstained
    before = rules.tally(ballots, entitled=entitled, excused=0, rules=voting)
    after = rules.tally([*ballots, "for"], entitled=entitled, excused=0, rules=voting)
    assert after.has_quorum
    assert not (before.outcome == Status.GRANTED and after.outcome == Status.REFUSED)


APPLICANT = Applicant(7, frozenset({1, 2}), frozenset({8}))


@pytest.mark.parametrize(
    ("ties", "ground"),
    [
        (Ties(7, frozenset({1})), Ground.APPLICANT),
        (Ties(8, frozenset({1})), Ground.MENTOR),
        (Ties(9, frozenset({1})), Ground.INSTITUTION),
        (Ties(9, frozenset({3, 2})), Ground.INSTITUTION),
        (Ties(None, frozenset({2})), Ground.INSTITUTION),
        (Ties(9, frozenset({3})), None),
        (Ties(None, frozenset()), None),
    ],
)
def test_who_is_excused(ties, ground):
    assert rules.ground_to_excuse(ties, APPLICANT) == ground


def test_who_has_no_mentor_excuses_nobody_for_it():
    alone = Applicant(7, frozenset({1}), frozenset())
    assert rules.ground_to_excuse(Ties(None, frozenset()), alone) is None


MET = Requirement("licence", Part.STANDING, True)
SHORT = rules.at_least("cases", Part.EXPERIENCE, found=9, needed=10)


@pytest.mark.parametrize(
    ("requirements", "may_open", "lacking"),
    [([], False, []), ([MET], True, []), ([MET, SHORT], False, [SHORT])],
)
def test_an_application_opens_when_nothing_is_missing(requirements, may_open, lacking):
    assert rules.may_open(requirements) is may_open
    assert rules.missing(requirements) == lacking


@pytest.mark.parametrize(
    ("found", "needed", "at_least", "at_most"),
    [(9, 10, False, True), (10, 10, True, True), (11, 10, True, False), (9.5, 10, False, True)],
)
def test_numbers_to_reach_and_not_to_pass(found, needed, at_least, at_most):
    asked = {"found": found, "needed": needed}
    assert rules.at_least("a", Part.EXPERIENCE, **asked).is_met is at_least
    assert rules.at_most("a", Part.OUTCOME, **asked).is_met is at_most


@pytest.mark.parametrize(("value", "text"), [(0, "0"), (10, "10"), (9.5, "9.5"), (33.333, "33.3")])
def test_numbers_in_words(value, text):
    assert rules.number(value) == text


@pytest.mark.parametrize(("part", "whole", "percent"), [(0, 0, 0), (1, 10, 10), (3, 12, 25)])
def test_share(part, whole, percent):
    assert rules.share(part, whole) == percent


def test_a_requirement_is_frozen_and_read_again():
    one = Requirement(
        "cases", Part.EXPERIENCE, False, "9", "10", "清创缝合 10 例", "手术记录", {"a": "b"}
    )
    assert Requirement.from_json(one.as_json()) == one
    assert Requirement.from_json({"code": "a", "part": "outcome", "is_met": 1}) == Requirement(
        "a", Part.OUTCOME, True
    )


@pytest.mark.parametrize(
    ("day", "is_open"), [(-91, False), (-90, True), (0, True), (179, True), (180, False)]
)
def test_renewal_window(day, is_open):
    window = rules.renewal_window(valid_until=TODAY, days_before=90, days_after=180)
    assert window.holds(TODAY + timedelta(days=day)) is is_open


@pytest.mark.parametrize(
    ("until", "begins"),
    [(None, TODAY), (date(2026, 4, 1), date(2026, 4, 1)), (date(2026, 1, 1), TODAY)],
)
def test_the_next_period_begins_where_the_old_one_ends(until, begins):
    assert rules.next_period_from(valid_until=until, on=TODAY) == begins


@pytest.mark.parametrize(
    ("values", "wrong"),
    [
        ({}, set()),
        ({"reason": " "}, {"reason"}),
        ({"valid_from": None}, {"valid_from"}),
        ({"valid_from": TODAY - timedelta(days=1)}, {"valid_from"}),
        ({"valid_until": TODAY}, {"valid_until"}),
        ({"valid_until": None}, set()),
        ({"valid_until": TODAY + timedelta(days=731)}, {"valid_until"}),
        ({"valid_until": TODAY + timedelta(days=731), "longest": None}, set()),
        ({"outcome": Status.REFUSED, "valid_from": None, "valid_until": None}, set()),
    ],
)
def test_what_a_decision_needs(values, wrong):
    asked = {
        "outcome": Status.GRANTED,
        "reason": "同意授权",
        "valid_from": TODAY,
        "valid_until": TODAY + timedelta(days=730),
        "longest": TODAY + timedelta(days=730),
        "on": TODAY,
        "told": str,
    } | values
    errors = rules.decision_errors(**asked)
    assert set(errors) == wrong
    if values.get("valid_until", TODAY) != TODAY and wrong:
        assert str(asked["longest"]) in errors["valid_until"]
