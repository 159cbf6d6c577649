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


def test_most_points_come_first_and_nothing_wanting_is_left_out():
    found = rules.wants(
        {(1, 7): 3, (2, 7): 1}, {(1, 7): 2}, {(2, 7): 1, (3, 8): 0}, weights=(1, 1, 10)
    )
    assert [(one.institution_id, one.points) for one in found] == [(2, 11), (1, 5)]
    assert (found[1].refused, found[1].waiting, found[1].missing) == (3, 2, 0)
