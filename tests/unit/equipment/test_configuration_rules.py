"""What is missing, who is equipped, and how old devices are."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from equipment.configuration import rules
from equipment.configuration.rules import Gap

DAY = date(2026, 11, 22)


def gap(house=1, *, tier="township", type_id=7, need=1, have=0, too_old=0, usable=0):
    return Gap(1, house, f"H{house}", tier, type_id, "06", "T", need, 8, have, too_old, usable)


@pytest.mark.parametrize(
    ("need", "have", "too_old", "usable", "short", "missing", "out", "standing"),
    [
        (1, 0, 0, 0, 1, 1, 0, "short"),
        (1, 1, 1, 0, 1, 1, 0, "short"),
        (1, 1, 0, 0, 0, 1, 1, "out"),
        (1, 2, 0, 1, 0, 0, 1, "met"),
        (2, 3, 1, 2, 0, 0, 0, "met"),
        (3, 2, 0, 1, 1, 2, 1, "short"),
    ],
)
def test_what_is_missing(need, have, too_old, usable, short, missing, out, standing):
    row = gap(need=need, have=have, too_old=too_old, usable=usable)
    assert (row.short, row.missing, row.out, row.standing) == (short, missing, out, standing)


@given(st.integers(1, 9), st.integers(0, 9), st.integers(0, 9), st.integers(0, 9))
def test_what_is_short_is_missing_too(need, usable, out, too_old):
    row = gap(need=need, have=usable + out + too_old, too_old=too_old, usable=usable)
    assert 0 <= row.short <= row.missing <= need


def test_shares_are_of_tiers_and_types():
    rows = [gap(1, have=1, usable=1), gap(2, have=1), gap(3), gap(4, tier="county", have=2)]
    county, township = rules.shares(rows)
    assert (county.tier, county.equipped, county.asked, county.percent) == ("county", 1, 1, 100)
    assert (township.asked, township.equipped, township.working) == (3, 2, 1)
    assert (township.percent, township.working_percent, township.short) == (67, 33, 1)


@pytest.mark.parametrize(
    ("part", "whole", "expected"), [(0, 0, 0), (1, 3, 33), (1, 8, 13), (5, 5, 100)]
)
def test_per_cent_are_whole(part, whole, expected):
    assert rules.percent(part, whole) == expected


def test_houses_that_lack_most_come_first():
    rows = [gap(1, have=1), gap(1, type_id=8), gap(2, need=3), gap(3, have=1, usable=1)]
    found = rules.houses(rows)
    assert [one.institution_id for one in found] == [2, 1, 3]
    assert (found[1].types, found[1].short_types, found[1].short, found[1].out) == (2, 1, 1, 1)


def test_a_house_lacks_what_is_out_only_where_the_rest_is_too_little():
    spare, needed = gap(1, need=1, have=2, usable=1), gap(2, need=2, have=2, usable=1)
    assert {one.institution_id: one.out for one in rules.houses([spare, needed])} == {1: 0, 2: 1}


def test_the_pyramid_counts_every_device_once():
    counts = [("township", date(2016, 1, 1), 3), ("township", date(2026, 1, 1), 1)]
    counts += [("county", date(2000, 1, 1), 2), ("county", date(2027, 1, 1), 1)]
    found = rules.pyramid(counts, on=DAY)
    assert found[10] == {"township": 3, "county": 2}
    assert found[0] == {"township": 1, "county": 1}
    assert found[4] == {}
    assert rules.older(counts, on=DAY, years=8) == (5, 7)


@pytest.mark.parametrize(
    ("tier", "minimum", "years", "field"),
    [
        ("township", 1, None, None),
        ("county", 100, 60, None),
        ("village", 1, None, "tier"),
        ("county", 0, None, "minimum"),
        ("county", 101, None, "minimum"),
        ("county", 1, 0, "max_age_years"),
    ],
)
def test_lines_that_can_be(tier, minimum, years, field):
    errors = rules.item_errors(tier=tier, minimum=minimum, max_age_years=years)
    assert list(errors) == ([field] if field else [])
