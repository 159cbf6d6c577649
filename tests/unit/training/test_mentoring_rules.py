"""The rules of mentoring as tables of examples."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliance.core.errors import TransitionNotAllowed
from training.mentoring import rules, workflow
from training.mentoring.choices import (
    MENTOR_TITLES,
    MentorshipMove,
    MentorshipStatus,
    PostingMove,
    PostingStatus,
)

JAN, MARCH, MAY, JULY = (date(2026, month, 1) for month in (1, 3, 5, 7))
DAYS = st.dates(date(2026, 1, 1), date(2026, 12, 31))


@pytest.mark.parametrize("status", PostingStatus)
@pytest.mark.parametrize("move", workflow.POSTINGS)
def test_every_move_of_a_posting(status, move):
    if status in workflow.POSTINGS[move].sources:
        assert workflow.next_posting(status, move) == workflow.POSTINGS[move].target
    else:
        with pytest.raises(TransitionNotAllowed) as told:
            workflow.next_posting(status, move)
        assert told.value.code == "wrong_state"


@pytest.mark.parametrize("status", MentorshipStatus)
@pytest.mark.parametrize("move", workflow.MENTORSHIPS)
def test_every_move_of_a_mentorship(status, move):
    if status in workflow.MENTORSHIPS[move].sources:
        assert workflow.next_mentorship(status, move) == workflow.MENTORSHIPS[move].target
    else:
        with pytest.raises(TransitionNotAllowed):
            workflow.next_mentorship(status, move)


def test_moves_of_a_state():
    assert workflow.moves_from(workflow.POSTINGS, PostingStatus.PLANNED) == [
        PostingMove.START,
        PostingMove.CANCEL,
    ]
    assert workflow.moves_from(workflow.MENTORSHIPS, MentorshipStatus.AGREED) == [
        MentorshipMove.END
    ]


@pytest.mark.parametrize(
    ("taken", "left"),
    [
        ([], [(JAN, JULY)]),
        ([(MARCH, MAY)], [(JAN, MARCH), (MAY, JULY)]),
        ([(date(2025, 1, 1), MARCH)], [(MARCH, JULY)]),
        ([(MAY, None), (JAN, MARCH)], [(MARCH, MAY)]),
        ([(date(2025, 1, 1), None)], []),
        ([(JAN, JULY)], []),
        ([(JULY, None)], [(JAN, JULY)]),
    ],
)
def test_gaps(taken, left):
    assert rules.gaps(JAN, JULY, taken) == left


@given(since=DAYS, until=DAYS, taken=st.lists(st.tuples(DAYS, DAYS)))
def test_gaps_hold_just_the_free_days(since, until, taken):
    def inside(day, periods):
        return any(first <= day < last for first, last in periods)

    left = rules.gaps(since, until, taken)
    for number in range(1, 366):
        day = date.fromordinal(date(2026, 1, 1).toordinal() + number - 1)
        free = since <= day < until and not inside(day, taken)
        assert inside(day, left) is free


@pytest.mark.parametrize(
    ("until", "on", "field"),
    [(JULY, None, ""), (JAN, None, "valid_until"), (date(2026, 7, 2), None, "valid_until"),
     (JULY, JULY, "valid_until"), (JULY, MAY, "")],
)  # fmt: skip
def test_periods(until, on, field):
    found = rules.period_errors(valid_from=JAN, valid_until=until, days_most=181, on=on)
    assert list(found) == ([field] if field else [])


def test_the_same_day_years_ago_and_the_months_of_a_period():
    assert rules.years_before(date(2028, 2, 29), 3) == date(2025, 2, 28)
    assert rules.years_before(MAY, 3) == date(2023, 5, 1)
    assert rules.months(date(2026, 1, 31), MARCH) == [JAN, date(2026, 2, 1)]


@pytest.mark.parametrize(
    ("kind", "ids", "ranks", "refused"),
    [
        ("dispatch", (1, 2), (3, 1), False),
        ("dispatch", (1, 2), (1, 1), True),
        ("dispatch", (1, 2), (1, 2), True),
        ("rotation", (1, 2), (1, 2), False),
        ("rotation", (1, 2), (2, 2), True),
        ("rotation", (1, 1), (2, 2), True),
    ],
)
def test_dispatch_leads_down_and_rotation_up(kind, ids, ranks, refused):
    found = rules.direction_errors(
        kind=kind, from_id=ids[0], to_id=ids[1], from_rank=ranks[0], to_rank=ranks[1]
    )
    assert list(found) == (["to_institution"] if refused else [])


@pytest.mark.parametrize(
    ("day", "earliest", "refused"),
    [(MARCH, None, False), (date(2025, 12, 31), None, True), (JULY, None, True),
     (date(2026, 5, 2), None, True), (MARCH, date(2026, 3, 2), True), (MAY, MAY, False)],
)  # fmt: skip
def test_which_days_may_be_entered(day, earliest, refused):
    found = rules.presence_errors(
        days=[day], valid_from=JAN, valid_until=JULY, on=MAY, earliest=earliest, told=str
    )
    assert bool(found) is refused
    assert (str(earliest) in str(found)) is (refused and earliest is not None)


FACTS = rules.Teaching(
    mentor_id=1, mentee_id=2, mentor_title="232", title_needed="232", mentor_rank=2,
    mentee_rank=1, mentor_is_active=True, mentee_is_active=True, technique="清创",
    mentor_is_privileged=True, other_mentees=4, mentees_most=5,
)  # fmt: skip


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({}, ""),
        ({"mentor_title": "231"}, ""),
        ({"mentor_rank": 1}, ""),
        ({"technique": "", "mentor_is_privileged": False}, ""),
        ({"mentee_id": 1}, "mentee"),
        ({"mentee_is_active": False}, "mentee"),
        ({"mentor_is_active": False}, "mentor"),
        ({"mentor_title": "233"}, "mentor"),
        ({"mentor_title": "251"}, "mentor"),
        ({"mentor_rank": 0}, "mentor"),
        ({"mentor_is_privileged": False}, "mentor"),
        ({"other_mentees": 5}, "mentor"),
    ],
)
def test_who_may_teach_whom(change, field):
    from dataclasses import replace

    found = rules.teaching_errors(replace(FACTS, **change), titles=dict(MENTOR_TITLES))
    assert list(found) == ([field] if field else [])


def shape(branches):
    return {branch.person: shape(branch.below) for branch in branches}


@pytest.mark.parametrize(
    ("links", "trees"),
    [
        ([], {}),
        ([(1, 2), (2, 3), (2, 4)], {1: {2: {3: {}, 4: {}}}}),
        ([(1, 3), (2, 3), (1, 3)], {1: {3: {}}, 2: {3: {}}}),
        ([(1, 2), (2, 1)], {1: {2: {}}}),
        ([(1, 2), (2, 3), (3, 2)], {1: {2: {3: {}}}}),
    ],
)
def test_chains(links, trees):
    assert shape(rules.chains(rules.Link(*link) for link in links)) == trees
