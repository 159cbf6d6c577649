"""Capacity, shares, cost per use, and where a device would help most."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from equipment.insights import rules

MONDAY = date(2026, 11, 16)


def day(offset):
    return MONDAY + timedelta(days=offset)


@pytest.mark.parametrize(
    ("used", "of", "percent", "level"),
    [(0, 10, 0, 0), (0.1, 10, 1, 1), (2.5, 10, 25, 1), (3, 10, 30, 2), (6, 10, 60, 3),
     (9, 10, 90, 4), (1, 0, 0, 0)],
)  # fmt: skip
def test_a_cell_is_darker_the_more_it_is_used(used, of, percent, level):
    cell = rules.Cell(used, of)
    assert (round(100 * cell.share), cell.level) == (percent, level)


def test_the_map_shows_the_hours_of_sharing_and_those_with_use():
    rows = rules.heat({(0, 8): 1.0, (6, 22): 2.0}, {(0, 8): 2, (6, 22): 2.0}, opens=7, closes=20)
    assert [row.hour for row in rows] == [*range(7, 20), 22]
    assert (rows[1].cells[0].share, rows[1].cells[0].level) == (0.5, 2)
    assert (rows[-1].cells[6].share, rows[-1].cells[6].level) == (1.0, 4)
    assert rules.heat({}, {}, opens=7, closes=7) == []


@pytest.mark.parametrize(
    ("begins", "ends", "expected"),
    [(0, 100, "100.00"), (-50, 50, "100.00"), (5, 105, "50.00"), (-95, 5, "50.00"),
     (-200, -100, "0.00")],
)  # fmt: skip
def test_a_price_is_spread_over_the_days_of_its_life(begins, ends, expected):
    found = rules.cost_of(Decimal(1000), lives=(day(begins), day(ends)), period=(day(0), day(10)))
    assert found == Decimal(expected)


def test_cost_per_use():
    assert rules.per_use(Decimal(100), 3) == Decimal("33.33")
    assert rules.per_use(Decimal(100), 0) is None


WEIGHTS = rules.Weights(
    {"refused": 5, "waiting": 5, "waited": 1, "missing": 10, "load": 100, "borrowed": 3, "away": 2,
     "techniques": 3, "doctors": 5, "beds": 1},
    even=20,
)  # fmt: skip


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [
        ({}, 0),
        ({"refused": 3}, 15),
        ({"waiting": 2, "waited": 4.3}, 14.3),
        ({"missing": 2}, 20),
        ({"load": 95}, 75),
        ({"load": 20}, 0),
        ({"missing": 1, "load": 0}, -10),
        ({"borrowed": 27}, 8.1),
        ({"missing": 1, "away": rules.NOWHERE}, 24),
        ({"techniques": 17, "doctors": 10}, 10.1),
        ({"missing": 1, "beds": 26}, 10.3),
        ({"refused": 4, "waiting": 1, "waited": 4.3, "away": 4, "beds": 47}, 37.8),
    ],
)  # fmt: skip
def test_each_number_counts_its_weight(numbers, expected):
    assert rules.Want(1, 7, **numbers).points(WEIGHTS) == expected


def test_most_points_come_first_then_whoever_was_refused_oftener():
    rows = [
        rules.Want(1, 7, missing=1),
        rules.Want(2, 7, refused=2),
        rules.Want(3, 7, missing=1, load=0),
        rules.Want(4, 7, refused=2, missing=1),
        rules.Want(5, 8, missing=1),
        rules.Want(5, 7, missing=1, beds=1),
    ]
    found = [(one.institution_id, one.type_id) for one in rules.ranked(rows, WEIGHTS)]
    assert found == [(4, 7), (2, 7), (5, 7), (1, 7), (5, 8), (3, 7)]


HOUSE = rules.Spot("330199", 1)


@pytest.mark.parametrize(
    ("lenders", "steps"),
    [
        ([], rules.NOWHERE),
        ([HOUSE], 1),
        ([rules.Spot("330199", 2)], 2),
        ([rules.Spot("330198", 3)], 4),
        ([rules.Spot("330299", 1)], 3),
        ([rules.Spot("330299", 3), rules.Spot("330199", 3)], 3),
    ],
    ids=["nobody", "next door", "a tier up", "another county", "another prefecture", "the nearest"],
)
def test_borders_and_tiers_make_a_device_far_away(lenders, steps):
    assert rules.away(HOUSE, lenders) == steps
