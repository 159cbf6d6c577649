"""How a finding stands on a day, and what a waiver must say."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qc import rules
from qc.choices import Standing
from qc.rules import Dates

D = date(2026, 3, 10)


@pytest.mark.parametrize(
    ("dates", "expected"),
    [
        (Dates(D), Standing.OPEN),
        (Dates(D + timedelta(days=1)), None),
        (Dates(D - timedelta(days=9), cleared_on=D), Standing.CLEARED),
        (Dates(D - timedelta(days=9), cleared_on=D + timedelta(days=1)), Standing.OPEN),
        (Dates(D, waived_until=D + timedelta(days=1)), Standing.WAIVED),
        (Dates(D, waived_until=D), Standing.OPEN),
        (Dates(D, cleared_on=D, waived_until=D + timedelta(days=9)), Standing.CLEARED),
    ],
)
def test_standing_is_a_question_about_a_day(dates, expected):
    assert rules.standing(dates, D) == expected


days = st.dates(date(2026, 1, 1), date(2026, 12, 31))


@given(opened=days, length=st.integers(0, 60), asked=days)
def test_periods_are_half_open(opened, length, asked):
    cleared = opened + timedelta(days=length)
    wrong = rules.standing(Dates(opened, cleared), asked) == Standing.OPEN
    assert wrong == (opened <= asked < cleared)


@pytest.mark.parametrize(
    ("reason", "until", "wrong"),
    [
        ("等待设备到货", D + timedelta(days=30), set()),
        (" ", D + timedelta(days=30), {"reason"}),
        ("等待设备到货", D, {"until"}),
        ("等待设备到货", None, {"until"}),
        ("等待设备到货", D + timedelta(days=31), {"until"}),
    ],
)
def test_a_waiver_says_why_and_ends(reason, until, wrong):
    errors = rules.waiver_errors(reason=reason, until=until, on=D, days_most=30, told=str)
    assert set(errors) == wrong
    assert errors.get("until", "").endswith(f"up to {D + timedelta(days=30)}.") == (
        "until" in wrong
    )
