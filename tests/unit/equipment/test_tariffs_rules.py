"""Which price counts, who pays nothing, and what a time costs."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from equipment.tariffs import rules
from equipment.tariffs.rules import Listed, Terms

NINE = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
DAY = date(2026, 11, 23)


def listed(pk, *, device=None, type_=None, tier="", unit="hour", amount="200"):
    return Listed(pk, type_, device, tier, unit, Decimal(amount))


ALL = listed(1, type_=7)
TOWNSHIP = listed(2, type_=7, tier="township")
OWN = listed(3, device=70)
OWN_TOWNSHIP = listed(4, device=70, tier="township")
OTHER = listed(5, device=71)


@pytest.mark.parametrize(
    ("prices", "expected"),
    [
        ([], None),
        ([OTHER], None),
        ([listed(6, type_=7, tier="county")], None),
        ([ALL, OTHER], ALL),
        ([ALL, TOWNSHIP], TOWNSHIP),
        ([TOWNSHIP, OWN], OWN),
        ([OWN, OWN_TOWNSHIP, ALL], OWN_TOWNSHIP),
    ],
)
def test_the_closest_price_counts(prices, expected):
    assert rules.chosen(prices, type_id=7, device_id=70, tier="township") == expected


@pytest.mark.parametrize(
    ("tier", "grade", "rule", "expected"),
    [
        ("township", "advanced", "advanced", "advanced"),
        ("village", "advanced", "advanced", "advanced"),
        ("township", "basic", "advanced", ""),
        ("township", "", "advanced", ""),
        ("township", "basic", "township", "township"),
        ("township", "advanced", "none", ""),
        ("county", "advanced", "township", ""),
    ],
)
def test_who_pays_nothing(tier, grade, rule, expected):
    assert rules.free_reason(is_own=False, tier=tier, grade=grade, rule=rule) == expected
    assert rules.free_reason(is_own=True, tier=tier, grade=grade, rule=rule) == "own"


@pytest.mark.parametrize(
    ("price", "free", "minutes", "amount", "basis", "reason"),
    [
        (ALL, "", 60, "200.00", "hour", ""),
        (ALL, "", 61, "300.00", "hour", ""),
        (ALL, "", 0, "0.00", "hour", ""),
        (listed(1, type_=7, amount="100.01"), "", 10, "50.01", "hour", ""),
        (listed(1, type_=7, unit="use", amount="80"), "", 61, "80", "use", ""),
        (ALL, "own", 60, "0.00", "", "own"),
        (None, "", 60, "0.00", "", "unpriced"),
    ],
)
def test_what_a_time_costs(price, free, minutes, amount, basis, reason):
    quote = Terms(price, free, 30).quote(NINE, NINE + timedelta(minutes=minutes))
    assert (quote.amount, quote.basis, quote.free_reason) == (Decimal(amount), basis, reason)


@given(st.integers(0, 5000), st.integers(1, 60))
def test_counted_minutes_are_whole_stretches(minutes, step):
    counted = rules.counted_minutes(NINE, NINE + timedelta(minutes=minutes), step=step)
    assert counted % step == 0
    assert minutes <= counted < minutes + step


def test_a_time_that_ends_before_it_begins_costs_nothing():
    assert rules.counted_minutes(NINE, NINE - timedelta(hours=1), step=30) == 0


@pytest.mark.parametrize(
    ("terms", "rate", "sentence"),
    [
        (Terms(ALL, "", 30), "200 yuan, Per hour", "200 yuan per hour, 60 minutes counted"),
        (
            Terms(listed(1, type_=7, unit="use", amount="80"), "", 30),
            "80 yuan, Per use",
            "80 yuan per use",
        ),
        (
            Terms(None, "", 30),
            "No price is set, nothing is charged",
            "No price is set, nothing is charged",
        ),
        (Terms(ALL, "township", 30), "Free for townships", "Free for townships"),
    ],
)
def test_terms_in_words(terms, rate, sentence):
    assert terms.rate == rate
    assert terms.quote(NINE, NINE + timedelta(hours=1)).sentence == sentence


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({}, None),
        ({"has_device": True}, "type"),
        ({"has_type": False}, "type"),
        ({"tier": "village"}, "tier"),
        ({"unit": "day"}, "unit"),
        ({"valid_from": DAY - timedelta(days=1)}, "valid_from"),
    ],
)
def test_what_a_price_needs(changed, field):
    good = {"has_type": True, "has_device": False, "tier": "township", "unit": "use"}
    errors = rules.price_errors(**{**good, "valid_from": DAY, "on": DAY, **changed})
    assert list(errors) == ([field] if field else [])


@pytest.mark.parametrize(
    ("since", "until", "ends", "ok"),
    [
        (-5, None, 0, True),
        (-5, 9, 8, True),
        (5, None, 5, True),
        (-5, None, -1, False),
        (5, None, 4, False),
        (-5, 3, 3, False),
    ],
)
def test_when_a_price_may_end(since, until, ends, ok):
    day = [None if n is None else DAY + timedelta(days=n) for n in (since, until, ends)]
    errors = rules.ending_errors(valid_from=day[0], valid_until=day[1], ends_on=day[2], on=DAY)
    assert (errors == {}) is ok
