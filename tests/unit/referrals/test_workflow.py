"""The machine, every pair of state and move; and random walks that never leave it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliance.core.errors import TransitionNotAllowed
from referrals.choices import Move, Side, Status
from referrals.holding import CLOCKS, HOLDERS
from referrals.workflow import (
    FINAL,
    OPEN,
    TRANSITIONS,
    Facts,
    next_status,
    open_rows,
    rows_for,
    target_of,
    transition,
)

FACTS = [
    Facts(is_back_leg=back, followed_up=followed, owes_paperwork=owes, needs_review=review)
    for back in (False, True)
    for followed in (False, True)
    for owes in (False, True)
    for review in (False, True)
]
# The design's table, written a second time by hand: state → moves that people may make there.
# Marked with * where a fact of the leg decides.
EXPECTED = {
    "draft": "submit cancel",
    "origin_review": "endorse return cancel mark_deceased mark_error",
    "pending": "return ask answer* accept reject redirect* cancel mark_deceased mark_error",
    "info_requested": "return answer accept reject redirect* cancel mark_deceased mark_error",
    "returned": "resubmit cancel mark_deceased mark_error",
    "accepted": "answer* redirect* reserve depart arrive no_show cancel mark_deceased mark_error",
    "reserved": "answer* reserve depart arrive no_show cancel mark_deceased mark_error",
    "in_transit": "answer* arrive no_show cancel mark_deceased mark_error",
    "no_show": "answer* rebook arrive cancel mark_deceased mark_error",
    "arrived": "answer* start_care mark_deceased mark_error",
    "in_care": "answer* finish_care follow_up* close* mark_deceased mark_error",
    "care_done": "answer* refer_back* follow_up* close* mark_deceased mark_error",
    "back_referred": "",
}
SYSTEM = {
    "arrived": "close",
    "in_care": "close",
    "care_done": "close",
    "back_referred": "return close",
    **dict.fromkeys(
        ["pending", "info_requested", "returned", "accepted", "reserved", "in_transit", "no_show"],
        "lapse",
    ),
}


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("move", Move)
def test_every_pair_people(status, move):
    named = EXPECTED.get(status, "").split()
    always, sometimes = move in named, f"{move}*" in named
    leads = []
    for facts in FACTS:
        try:
            leads.append(next_status(status, move, facts))
        except TransitionNotAllowed:
            leads.append(None)
    if always:
        assert None not in leads
    elif sometimes:
        assert None in leads
        assert any(leads)
    else:
        assert not any(leads)


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("move", Move)
def test_every_pair_platform(status, move):
    expected = move in SYSTEM.get(status, "").split()
    assert bool(rows_for(move, status, system=True)) is expected


def test_final_states_are_those_of_the_design():
    assert {
        Status.CLOSED,
        Status.REJECTED,
        Status.REDIRECTED,
        Status.CANCELLED,
        Status.LAPSED,
        Status.DECEASED,
        Status.ENTERED_IN_ERROR,
    } == FINAL


@pytest.mark.parametrize("status", sorted(OPEN | {Status.DRAFT}))
def test_every_open_state_has_a_holder_and_all_but_care_a_clock(status):
    assert status in HOLDERS
    assert (status in CLOCKS) is (status != Status.IN_CARE)


@pytest.mark.parametrize(
    ("status", "move", "facts", "target"),
    [
        ("draft", "submit", Facts(), "pending"),
        ("draft", "submit", Facts(needs_review=True), "origin_review"),
        ("returned", "resubmit", Facts(needs_review=True), "origin_review"),
        ("accepted", "answer", Facts(owes_paperwork=True), "accepted"),
        ("in_care", "follow_up", Facts(is_back_leg=True), "in_care"),
        ("in_care", "close", Facts(is_back_leg=True, followed_up=True), "closed"),
        ("care_done", "refer_back", Facts(), "back_referred"),
        ("reserved", "reserve", Facts(), "reserved"),
    ],
)
def test_targets(status, move, facts, target):
    assert next_status(status, Move(move), facts) == target


@pytest.mark.parametrize(
    ("status", "move", "facts", "code"),
    [
        ("closed", "accept", Facts(), "wrong_state"),
        ("in_care", "close", Facts(is_back_leg=True), "follow_up_missing"),
        ("in_care", "follow_up", Facts(), "only_back_leg"),
        ("care_done", "refer_back", Facts(is_back_leg=True), "not_on_back_leg"),
        ("accepted", "answer", Facts(), "no_paperwork_owed"),
    ],
)
def test_refusals_carry_a_code(status, move, facts, code):
    with pytest.raises(TransitionNotAllowed) as refused:
        transition(status, Move(move), facts)
    assert refused.value.code == code


def test_table_has_no_two_rows_that_answer_one_question():
    for status in Status:
        for move in Move:
            for facts in FACTS:
                fitting = [row for row in open_rows(status, facts) if row.move == move]
                assert len(fitting) <= 1


def test_only_the_platform_uses_system_rows():
    for status in Status:
        assert all(row.side != Side.SYSTEM for row in open_rows(status))


@given(st.lists(st.integers(min_value=0, max_value=50), max_size=60), st.sampled_from(FACTS))
def test_random_walks_stay_in_the_machine_and_end_in_final_states(choices, facts):
    status = Status.DRAFT
    for choice in choices:
        rows = open_rows(status, facts)
        if not rows:
            break
        status = target_of(rows[choice % len(rows)], status, facts)
        assert status in Status
    if status in FINAL:
        assert open_rows(status, facts) == []


def test_every_state_is_reachable_and_leads_to_an_end():
    ways = {(source, row.target or source) for row in TRANSITIONS for source in row.sources} | {
        (s, row.reviewed_target) for row in TRANSITIONS if row.reviewed_target for s in row.sources
    }
    reached = {Status.DRAFT}
    for _round in Status:
        reached |= {target for source, target in ways if source in reached}
    assert reached == set(Status)
    ending = set(FINAL)
    for _round in Status:
        ending |= {source for source, target in ways if target in ending}
    assert ending == set(Status)
