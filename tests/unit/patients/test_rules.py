"""Rules about identities and consent: tables of examples."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliance.patients import rules

TODAY = date(2026, 11, 21)
NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (" 张 三 ", "张三"),
        ("张　三", "张三"),
        ("阿卜杜拉•买买提", "阿卜杜拉·买买提"),
        ("阿卜杜拉‧买买提", "阿卜杜拉·买买提"),
        ("\uff2a\uff2f\uff28\uff2e  Smith", "JOHN Smith"),
        ("John\tSmith", "John Smith"),
        ("", ""),
    ],
)
def test_normalise_name(typed, kept):
    assert rules.normalise_name(typed) == kept


@given(st.text(max_size=60))
def test_normalise_name_settles(text):
    once = rules.normalise_name(text)
    assert rules.normalise_name(once) == once


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("张三", "张 三", True),
        ("john smith", "John  SMITH", True),
        ("阿依·古丽", "阿依•古丽", True),
        ("张三", "张三丰", False),
        ("陈晓", "陈小", False),
    ],
)
def test_same_name(one, other, same):
    assert rules.same_name(one, other) is same


@pytest.mark.parametrize(
    ("text", "tidy"),
    [("a\0b", "ab"), (" x\n", "x"), ("\ud800y", "y"), ("a\tb", "ab"), ("李·娜", "李·娜")],
)
def test_tidy(text, tidy):
    assert rules.tidy(text) == tidy


@pytest.mark.parametrize(("name", "fine"), [("李", True), ("O", True), ("12", False), ("·", False)])
def test_name_errors(name, fine):
    assert (rules.name_errors(name) == {}) is fine


@pytest.mark.parametrize(
    ("born", "fine"),
    [
        (TODAY, True),
        (TODAY + timedelta(days=1), False),
        (date(1896, 11, 21), True),
        (date(1895, 11, 21), False),
        (date(1, 1, 1), False),
    ],
)
def test_birth_date_errors(born, fine):
    assert (rules.birth_date_errors(born, on=TODAY, oldest=130) == {}) is fine


@pytest.mark.parametrize(
    ("phone", "fine"),
    [
        ("", True),
        ("13800000000", True),
        ("+86 138 0000 0000", True),
        ("0571-87654321", True),
        ("(0571) 87654321", True),
        ("0571-87654321 转 12", True),
        ("87654321x12", True),
        ("1234", False),
        ("call me", False),
        ("138-abc-0000", False),
    ],
)
def test_phone_errors(phone, fine):
    assert (rules.phone_errors(phone) == {}) is fine


@pytest.mark.parametrize(
    ("born", "on", "years", "months"),
    [
        (date(1980, 1, 1), date(2026, 11, 21), 46, 562),
        (date(2000, 2, 29), date(2026, 2, 28), 25, 311),
        (date(2000, 2, 29), date(2026, 3, 1), 26, 312),
        (date(2026, 4, 21), date(2026, 11, 20), 0, 6),
        (date(2026, 4, 21), date(2026, 11, 21), 0, 7),
    ],
)
def test_age(born, on, years, months):
    assert (rules.age_on(born, on), rules.age_in_months(born, on)) == (years, months)


@given(st.dates(date(1900, 1, 1), TODAY))
def test_age_in_months_is_twelve_times_the_years_and_less_than_a_year_more(born):
    assert 0 <= rules.age_in_months(born, TODAY) - 12 * rules.age_on(born, TODAY) < 12


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({}, None),
        ({"given_at": NOW + timedelta(seconds=1)}, "given_at"),
        ({"given_by": "nobody"}, "given_by"),
        ({"given_by": "nobody", "method": "emergency"}, None),
        ({"method": "emergency"}, "method"),
        ({"age": 13}, "given_by"),
        ({"age": 14}, None),
        ({"age": 3, "given_by": "guardian"}, None),
    ],
)
def test_consent_errors(changed, field):
    facts = {
        "method": "written",
        "given_by": "patient",
        "given_at": NOW,
        "now": NOW,
        "age": 46,
        "guardian_below": 14,
    }
    assert list(rules.consent_errors(**(facts | changed))) == ([field] if field else [])


@pytest.mark.parametrize(
    ("reason", "fine"),
    [
        ("电话随访", True),
        ("x", True),
        ("", False),
        ("…", False),
        ("长" * 200, True),
        ("长" * 201, False),
    ],
)
def test_reason_errors(reason, fine):
    assert (rules.reason_errors(reason) == {}) is fine
