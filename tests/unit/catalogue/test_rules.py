"""Pure rules of the catalogue."""

import pytest

from alliance.catalogue import rules
from alliance.catalogue.rules import Difference, EntryFacts


@pytest.mark.parametrize(
    ("grade", "tiers", "note", "fields"),
    [
        ("basic", ["township", "county", "tertiary"], "", []),
        ("advanced", ["tertiary", "county"], "", []),
        ("complex", ["tertiary"], "", []),
        ("complex", ["county", "tertiary"], "", ["note"]),
        ("complex", ["county", "tertiary"], "县医院为胸痛中心", []),
        ("hard", ["county"], "", ["grade"]),
        ("basic", [], "", ["tiers"]),
        ("basic", ["village"], "x", ["tiers"]),
    ],
)
def test_entry_errors_name_the_field(grade, tiers, note, fields):
    assert list(rules.entry_errors(grade=grade, tiers=tiers, note=note)) == fields


def test_in_tier_order_stores_equal_sets_alike():
    assert rules.in_tier_order(["tertiary", "township", "tertiary"]) == ["township", "tertiary"]


BASIC = EntryFacts("basic", frozenset({"township"}))
ADVANCED = EntryFacts("advanced", frozenset({"county"}))


def test_differences_name_what_was_added_removed_and_changed():
    found = rules.differences({1: BASIC, 2: BASIC, 3: BASIC}, {2: BASIC, 3: ADVANCED, 4: BASIC})
    assert found == [
        Difference(1, BASIC, None),
        Difference(3, BASIC, ADVANCED),
        Difference(4, None, BASIC),
    ]
    assert [one.kind for one in found] == ["removed", "changed", "added"]


def test_differences_of_equal_editions_are_none():
    assert rules.differences({1: BASIC}, {1: BASIC}) == []
