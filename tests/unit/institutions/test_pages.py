"""Policy values in words."""

import pytest

from alliance.core.policy import Definition
from alliance.institutions.forms import value_field
from alliance.institutions.pages.policy import words


def definition(kind, **more):
    return Definition("test.key", kind, 0, "Test", "Group", "platform", **more)


@pytest.mark.parametrize(
    ("kind", "value", "text"),
    [
        ("minutes", 1, "1 minute"),
        ("minutes", 90, "90 minutes"),
        ("minutes", 1440, "1440 minutes (24 hours)"),
        ("hours", 1, "1 hour"),
        ("days", 7, "7 days"),
        ("percent", 75, "75%"),
        ("integer", 20971520, "20971520"),
        ("boolean", True, "Yes"),
        ("boolean", False, "No"),
        ("text", "", "(empty)"),
        ("text", "08:00-12:00", "08:00-12:00"),
        ("choice", "working", "Working hours"),
        ("choice", "gone", "gone"),
    ],
)
def test_words_of_each_kind(kind, value, text):
    assert words(definition(kind, choices=(("working", "Working hours"),)), value) == text


@pytest.mark.parametrize(
    ("kind", "field"),
    [
        ("boolean", "ChoiceField"),
        ("choice", "ChoiceField"),
        ("text", "CharField"),
        ("minutes", "IntegerField"),
    ],
)
def test_value_field_suits_the_kind(kind, field):
    assert type(value_field(definition(kind))).__name__ == field
