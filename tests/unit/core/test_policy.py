"""Policy: typed definitions, dated values, the alliance's own before everybody's."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from alliance.core import policy
from alliance.core.models import PolicySetting
from alliance.core.policy import Definition
from tests.factories import alliance as make

DAY = date(2026, 11, 21)
REAL = policy.definitions()
HOURS = Definition("test.hours", "hours", 24, "Hours", "Test", "none", minimum=1, maximum=72)
FLAG = Definition("test.flag", "boolean", False, "Flag", "Test", "none")
CHOICE = Definition("test.choice", "choice", "a", "Choice", "Test", "none", choices=(("a", "A"),))
TEXT = Definition("test.text", "text", "", "Text", "Test", "none")


@pytest.fixture(autouse=True)
def registry(monkeypatch):
    monkeypatch.setattr(policy, "_definitions", {})
    policy.define([HOURS, FLAG, CHOICE, TEXT])


def value(number, on, alliance=None, key="test.hours"):
    return PolicySetting.objects.create(
        alliance=alliance, key=key, value=number, effective_from=on, source="office"
    )


def test_without_rows_the_default_counts(db):
    assert policy.policy("test.hours", on=DAY) == 24


def test_the_newest_value_in_force_counts(db):
    value(12, date(2026, 1, 1))
    value(6, DAY)
    value(3, date(2027, 1, 1))
    assert policy.policy("test.hours", on=date(2025, 12, 31)) == 24
    assert policy.policy("test.hours", on=date(2026, 11, 20)) == 12
    assert policy.policy("test.hours", on=DAY) == 6


def test_the_later_of_two_values_of_one_day_counts(db):
    value(12, DAY)
    value(6, DAY)
    assert policy.policy("test.hours", on=DAY) == 6


def test_an_alliances_own_value_counts_before_a_newer_general_one(db):
    group, other = make.AllianceFactory(), make.AllianceFactory()
    value(12, date(2026, 1, 1), group)
    value(6, DAY)
    assert policy.policy("test.hours", on=DAY, alliance_id=group.pk) == 12
    assert policy.policy("test.hours", on=DAY, alliance_id=other.pk) == 6
    assert policy.policy("test.hours", on=DAY) == 6


def test_many_values_cost_one_query(db, django_assert_num_queries):
    value(12, DAY)
    value(True, DAY, key="test.flag")
    with django_assert_num_queries(1):
        found = policy.policies(alliance_id=None, on=DAY, prefix="test.")
        assert (found["test.hours"], found["test.flag"], found["test.choice"]) == (12, True, "a")


@pytest.mark.parametrize(
    ("definition", "typed", "clean"),
    [
        (HOURS, " 12 ", 12),
        (HOURS, 72, 72),
        (FLAG, "on", True),
        (FLAG, "0", False),
        (FLAG, "", False),
        (FLAG, True, True),
        (CHOICE, "a", "a"),
        (TEXT, " 08:00-12:00 ", "08:00-12:00"),
    ],
)
def test_clean_gives_the_type_of_the_setting(definition, typed, clean):
    assert definition.clean(typed) == clean


@pytest.mark.parametrize(
    ("definition", "typed"),
    [(HOURS, "0"), (HOURS, "73"), (HOURS, "1.5"), (HOURS, "many"), (FLAG, "maybe"), (CHOICE, "b")],
)
def test_clean_refuses_by_field(definition, typed):
    with pytest.raises(ValidationError) as refusal:
        definition.clean(typed)
    assert refusal.value.message_dict.keys() == {"value"}


def test_a_key_is_defined_once_and_with_a_known_kind():
    with pytest.raises(ValueError, match="twice"):
        policy.define([HOURS])
    with pytest.raises(ValueError, match="unknown kind"):
        policy.define([Definition("test.new", "colour", 1, "x", "Test", "none")])


def test_a_value_names_its_source(db):
    with pytest.raises(IntegrityError, match="core_policysetting_source"), transaction.atomic():
        PolicySetting.objects.create(key="test.hours", value=1, effective_from=DAY, source="")


def test_every_real_definition_accepts_its_own_default():
    assert REAL
    for definition in REAL.values():
        assert definition.clean(definition.default) == definition.default, definition.key
        assert str(definition.label), definition.key
        assert str(definition.source), definition.key
