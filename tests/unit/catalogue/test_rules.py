"""Pure rules of the catalogue."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliance.catalogue import rules
from alliance.catalogue.choices import DIFFICULTY, SPECTRUM
from alliance.catalogue.rules import Difference, EntryFacts, Grading, GradingFacts, Need


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


def need(kind="beds", minimum=20, **more):
    values = {"side": "institution", "subject": "", "unit": "", "source": "x", "is_verified": False}
    return Need(kind=kind, minimum=minimum, **{**values, "of_technique": False, **more})


def test_a_techniques_own_requirement_replaces_that_of_its_grade():
    own = need(minimum=50, of_technique=True)
    device = need("equipment", 1, subject="腹腔镜")
    for order in ([need(), own, device], [device, own, need()]):
        assert rules.needs_of_technique(order) == [own, device]


YEARS = {"side": "operator", "kind": "years"}


@pytest.mark.parametrize(
    ("needs", "years"),
    [([], 0), ([need()], 0), ([need(**YEARS, minimum=5), need(**YEARS, minimum=8)], 8)],
)
def test_least_years(needs, years):
    assert rules.least_years(needs) == years


@pytest.mark.parametrize(
    ("needs", "level", "asked"),
    [
        ([], None, False),
        ([], 3, False),
        ([], 4, True),
        ([need("mdt", 1, side="operator")], None, True),
        ([need("training", 1, side="operator")], 2, False),
    ],
)
def test_asks_for_mdt(needs, level, asked):
    assert rules.asks_for_mdt(needs, national_level=level, mdt_level=4) is asked


GRADING = Grading(
    {"operation": 40, "risk": 40, "equipment": 20}
    | {"frequency": 30, "benefit": 30, "grassroots": 40},
    basic=24,
    advanced=36,
    spectrum=25,
)


def facts(difficulty, spectrum=None, **more):
    scores = dict(zip(DIFFICULTY, difficulty, strict=True))
    scores |= dict(zip(SPECTRUM, spectrum or (None, None, None), strict=True))
    return GradingFacts(scores, **more)


@pytest.mark.parametrize(
    ("given", "grade", "numbers", "codes"),
    [
        (facts((2, 2, 1), (5, 4, 4)), "basic", (18, 43), ["difficulty", "spectrum_suits"]),
        (facts((3, 3, 4)), "advanced", (32, None), ["difficulty", "spectrum_unscored"]),
        (facts((5, 5, 4)), "complex", (48, None), ["difficulty", "spectrum_unscored"]),
        (facts((2, 2, 4)), "basic", (24, None), ["difficulty", "spectrum_unscored"]),
        (facts((2, 2, 2), (2, 2, 2)), "advanced", (20, 20), ["difficulty", "spectrum_narrow"]),
        (facts((4, 4, 5), (1, 1, 1)), "complex", (42, 10), ["difficulty"]),
        (
            facts((2, 2, 2), (4, 4, 4), disease_tiers=frozenset({"county", "tertiary"})),
            "advanced",
            (20, 40),
            ["difficulty", "diseases_higher", "spectrum_suits"],
        ),
        (
            facts((2, 2, 2), disease_tiers=frozenset({"county", "township"})),
            "basic",
            (20, None),
            ["difficulty", "spectrum_unscored"],
        ),
        (
            facts((1, 1, 1), national_level=3),
            "advanced",
            (10, None),
            ["difficulty", "national_level", "spectrum_unscored"],
        ),
        (
            facts((1, 1, 1), national_level=4),
            "complex",
            (10, None),
            ["difficulty", "national_level", "spectrum_unscored"],
        ),
        (
            facts((1, 1, 1), national_level=4, is_restricted=True),
            "complex",
            (10, None),
            ["difficulty", "restricted", "spectrum_unscored"],
        ),
    ],
)
def test_the_scores_propose_a_grade_with_its_reasoning(given, grade, numbers, codes):
    found = rules.propose(given, GRADING)
    assert (found.grade, (found.difficulty, found.spectrum)) == (grade, numbers)
    assert [reason.code for reason in found.reasons] == codes


def test_nothing_is_proposed_until_difficulty_is_scored():
    assert rules.propose(facts((2, None, 2), (5, 5, 5)), GRADING) is None


def test_weights_of_nothing_count_alike():
    flat = replace(GRADING, weights=dict.fromkeys(GRADING.weights, 0))
    assert rules.propose(facts((1, 2, 3)), flat).difficulty == 20


@given(
    st.tuples(*[st.integers(1, 5)] * 3),
    st.none() | st.tuples(*[st.integers(1, 5)] * 3),
    st.integers(0, 2),
)
def test_more_difficult_is_never_graded_lower(difficulty, spectrum, place):
    harder = list(difficulty)
    harder[place] = min(5, harder[place] + 1)
    order = ["basic", "advanced", "complex"]
    before = rules.propose(facts(difficulty, spectrum), GRADING)
    after = rules.propose(facts(harder, spectrum), GRADING)
    assert order.index(after.grade) >= order.index(before.grade)
    assert 10 <= before.difficulty <= after.difficulty <= 50


def test_another_grade_than_proposed_needs_its_reason():
    proposal = rules.propose(facts((1, 1, 1)), GRADING)
    assert not rules.reason_needed(grade="basic", proposal=proposal, reason="")
    assert not rules.reason_needed(grade="complex", proposal=None, reason="")
    assert not rules.reason_needed(grade="complex", proposal=proposal, reason="设备集中")
    assert list(rules.reason_needed(grade="complex", proposal=proposal, reason=" ")) == ["reason"]


def test_score_errors_name_the_score():
    assert rules.score_errors({"risk": 5, "benefit": None}) == {}
    assert set(rules.score_errors({"risk": 6, "equipment": 0, "mood": 3})) == {
        "risk",
        "equipment",
        "mood",
    }
