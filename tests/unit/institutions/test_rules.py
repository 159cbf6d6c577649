"""Pure rules of institutions: tables of examples, no database."""

from datetime import date, time

import pytest

from alliance.core.identifiers import uscc_with_check
from alliance.institutions import rules
from alliance.institutions.choices import Direction, Tier

GOOD = {
    "tier": Tier.TOWNSHIP,
    "type_code": "C220",
    "uscc": uscc_with_check("12330100000000010"),
    "division_code": "330100",
    "parent_tier": None,
}
CLOSED = {
    "first": date(2026, 12, 1),
    "last": date(2026, 12, 1),
    "today": date(2026, 11, 21),
    "is_open": False,
    "opens_at": None,
    "closes_at": None,
}


@pytest.mark.parametrize(
    ("sender", "receiver", "way"),
    [
        (Tier.TOWNSHIP, Tier.COUNTY, Direction.UP),
        (Tier.VILLAGE, Tier.TOWNSHIP, Direction.UP),
        (Tier.TERTIARY, Tier.TOWNSHIP, Direction.DOWN),
        (Tier.COUNTY, Tier.COUNTY, Direction.LATERAL),
    ],
)
def test_direction_between_follows_the_tiers(sender, receiver, way):
    assert rules.direction_between(sender, receiver) == way


def test_default_relations_tie_a_village_to_its_township_only():
    county, township, other = (
        rules.Member(1, Tier.COUNTY),
        rules.Member(2, Tier.TOWNSHIP),
        rules.Member(3, Tier.TOWNSHIP),
    )
    village = rules.Member(4, Tier.VILLAGE, parent_id=2)
    pairs = set(rules.default_relations([county, township, other, village]))
    assert {pair for pair in pairs if 4 in pair[:2]} == {
        (4, 2, Direction.UP),
        (2, 4, Direction.DOWN),
    }
    assert len(pairs) == 6 + 2


def test_plan_matrix_creates_corrects_removes_and_keeps_what_hands_made():
    members = [rules.Member(1, Tier.COUNTY), rules.Member(2, Tier.TOWNSHIP)]
    cells = {
        (1, 2): rules.Cell(Direction.UP, is_allowed=True, by_rule=True),
        (1, 9): rules.Cell(Direction.DOWN, is_allowed=True, by_rule=True),
        (9, 1): rules.Cell(Direction.UP, is_allowed=False, by_rule=False),
    }
    plan = rules.plan_matrix(members, cells)
    assert plan.create == {(2, 1): Direction.UP}
    assert plan.correct == {(1, 2): Direction.DOWN}
    assert plan.remove == {(1, 9)}
    assert (plan.kept_by_hand, plan.unchanged) == (1, 0)


def test_plan_matrix_twice_changes_nothing():
    members = [rules.Member(1, Tier.COUNTY), rules.Member(2, Tier.TOWNSHIP)]
    first = rules.plan_matrix(members, {})
    cells = {pair: rules.Cell(way, True, True) for pair, way in first.create.items()}
    again = rules.plan_matrix(members, cells)
    assert (again.create, again.correct, again.remove) == ({}, {}, frozenset())
    assert again.unchanged == 2


def test_plan_matrix_opens_a_cell_that_the_rule_wants_open():
    cells = {(1, 2): rules.Cell(Direction.DOWN, is_allowed=False, by_rule=True)}
    members = [rules.Member(1, Tier.COUNTY), rules.Member(2, Tier.TOWNSHIP)]
    assert rules.plan_matrix(members, cells).correct == {(1, 2): Direction.DOWN}


def test_institution_errors_none():
    assert rules.institution_errors(**GOOD) == {}


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"uscc": "12330100000000010X"}, "uscc"),
        ({"division_code": "99"}, "division_code"),
        ({"type_code": "c220"}, "type_code"),
        ({"tier": Tier.VILLAGE}, "parent"),
        ({"tier": Tier.VILLAGE, "parent_tier": Tier.COUNTY}, "parent"),
        ({"parent_tier": Tier.TOWNSHIP}, "parent"),
    ],
)
def test_institution_errors_name_the_field(change, field):
    assert list(rules.institution_errors(**{**GOOD, **change})) == [field]


def test_institution_errors_village_under_its_township_is_right():
    village = {**GOOD, "tier": Tier.VILLAGE, "parent_tier": Tier.TOWNSHIP}
    assert rules.institution_errors(**village) == {}


@pytest.mark.parametrize(
    ("change", "fields"),
    [
        ({}, []),
        ({"first": date(2026, 11, 20), "last": date(2026, 11, 20)}, ["first"]),
        ({"last": date(2026, 11, 30)}, ["last"]),
        ({"last": date(2027, 3, 1)}, ["last"]),
        ({"is_open": True}, ["opens_at", "closes_at"]),
        ({"is_open": True, "opens_at": time(9), "closes_at": time(9)}, ["closes_at"]),
        ({"is_open": True, "opens_at": time(9), "closes_at": time(12)}, []),
    ],
)
def test_calendar_errors_name_the_field(change, fields):
    assert list(rules.calendar_errors(**{**CLOSED, **change})) == fields


def test_working_hours_weekend_is_its_own():
    hours = rules.working_hours(
        weekday="08:00-12:00", weekend="09:00-11:00", observes_holidays=False
    )
    assert [sum(p.minutes for p in day) for day in hours.week] == [240] * 5 + [120] * 2


@pytest.mark.parametrize(
    ("text", "readable"),
    [("", True), ("08:00-12:00 14:00-17:30", True), ("8", False), ("12:00-08:00", False)],
)
def test_hours_are_readable(text, readable):
    assert rules.hours_are_readable(text) is readable
