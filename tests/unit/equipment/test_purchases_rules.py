"""The machine and the rules of purchases, by tables of examples."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliance.core.errors import TransitionNotAllowed
from equipment.purchases import rules, workflow
from equipment.purchases.choices import Move, Status
from equipment.purchases.rules import Bounds, Hands, Unit

DAY = date(2026, 11, 22)


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("move", Move)
def test_every_pair_of_status_and_move(status, move):
    row = workflow.TRANSITIONS[move]
    assert (move in workflow.moves_from(status)) is (status in row.sources)
    if status in row.sources:
        assert workflow.next_status(status, move) == row.target
    else:
        with pytest.raises(TransitionNotAllowed):
            workflow.next_status(status, move)


def test_final_states():
    assert {Status.REFUSED, Status.DELIVERED, Status.WITHDRAWN} == workflow.FINAL


@pytest.mark.parametrize(
    ("quantity", "price", "fields"),
    [
        (1, None, set()),
        (50, Decimal("0.01"), set()),
        (0, Decimal(-1), {"quantity", "unit_price"}),
        (51, Decimal(0), {"quantity", "unit_price"}),
    ],
)
def test_what_can_be_kept_of_an_application(quantity, price, fields):
    assert set(rules.application_errors(quantity=quantity, unit_price=price)) == fields


@pytest.mark.parametrize(
    ("statement", "price", "fields"),
    [
        ("why", Decimal(1), set()),
        (" ", Decimal(1), {"statement"}),
        ("why", None, {"unit_price"}),
        ("", Decimal(0), {"statement", "unit_price"}),
    ],
)
def test_what_an_application_says(statement, price, fields):
    assert set(rules.submission_errors(statement=statement, unit_price=price)) == fields


HANDS = Hands(applied_by=1, reviewed_by=2, evaluated_by=3)


@pytest.mark.parametrize(
    ("side", "status", "person", "applies", "expected"),
    [
        ("applicant", "draft", 1, True, ""),
        ("office", "submitted", 1, False, "applicant"),
        ("office", "submitted", 9, True, "applicant"),
        ("office", "submitted", 9, False, ""),
        ("evaluator", "evaluation", 2, False, "reviewer"),
        ("evaluator", "evaluation", 1, False, "applicant"),
        ("evaluator", "evaluation", 9, False, ""),
        ("office", "evaluated", 3, False, "evaluator"),
        ("office", "evaluated", 2, False, ""),
        ("office", "submitted", 3, False, ""),
    ],
)
def test_who_may_not_judge(side, status, person, applies, expected):
    found = rules.barred(
        side=side, status=status, person=person, applies_there=applies, hands=HANDS
    )
    assert found == expected


@pytest.mark.parametrize(
    ("tier", "subsidised", "expected"),
    [
        ("township", "township", Bounds(50, 70)),
        ("village", "township", Bounds(50, 70)),
        ("county", "township", Bounds(0, 0)),
        ("county", "county", Bounds(50, 70)),
        ("tertiary", "tertiary", Bounds(50, 70)),
        ("township", "none", Bounds(0, 0)),
    ],
)
def test_who_is_subsidised(tier, subsidised, expected):
    assert rules.bounds(tier=tier, subsidised=subsidised, least=50, most=70) == expected
    swapped = rules.bounds(tier=tier, subsidised=subsidised, least=70, most=50)
    assert swapped == expected


@pytest.mark.parametrize(
    ("changed", "fields"),
    [
        ({}, set()),
        ({"percent": 50}, set()),
        ({"percent": 70}, set()),
        ({"percent": 49}, {"percent"}),
        ({"percent": 71}, {"percent"}),
        ({"percent": None}, {"percent"}),
        ({"within": Bounds(0, 0)}, {"percent"}),
        ({"within": Bounds(0, 0), "percent": 0}, set()),
        ({"quantity": 3}, {"quantity"}),
        ({"quantity": 0}, {"quantity"}),
        ({"quantity": None, "unit_price": None}, {"quantity", "unit_price"}),
        ({"unit_price": Decimal(0)}, {"unit_price"}),
    ],
)
def test_what_can_be_approved(changed, fields):
    good = {"quantity": 2, "asked": 2, "unit_price": Decimal(1), "percent": 60}
    assert set(rules.decision_errors(**{**good, "within": Bounds(50, 70), **changed})) == fields


@pytest.mark.parametrize(
    ("recommended", "score", "fields"),
    [
        (True, 0, set()),
        (False, 100, set()),
        (None, 101, {"recommended", "score"}),
        (True, None, {"score"}),
        (True, -1, {"score"}),
    ],
)
def test_what_an_evaluation_says(recommended, score, fields):
    assert set(rules.evaluation_errors(recommended=recommended, score=score)) == fields


@given(st.integers(1, 50), st.integers(1, 10**9), st.integers(0, 100))
def test_a_subsidy_is_a_share_to_the_cent(quantity, cents, percent):
    price = Decimal(cents) / 100
    found = rules.subsidy(quantity=quantity, unit_price=price, percent=percent)
    assert found == round(found, 2)
    assert abs(found - price * quantity * percent / 100) <= Decimal("0.005")


def test_units_are_read_from_lines():
    assert rules.units(" A1  S 1 \n\nA2\n") == [Unit("A1", "S 1"), Unit("A2")]


@pytest.mark.parametrize(
    ("changed", "fields"),
    [
        ({}, set()),
        ({"found": [Unit("A")]}, set()),
        ({"found": []}, {"devices"}),
        ({"left": 1}, {"devices"}),
        ({"found": [Unit("A"), Unit("A")]}, {"devices"}),
        ({"name": " "}, {"name"}),
        ({"delivered_on": None}, {"delivered_on"}),
        ({"delivered_on": DAY + timedelta(days=1)}, {"delivered_on"}),
        ({"since": DAY + timedelta(days=1)}, {"delivered_on"}),
    ],
)
def test_what_a_delivery_needs(changed, fields):
    good = {"found": [Unit("A"), Unit("B")], "left": 2, "name": "T", "delivered_on": DAY}
    errors = rules.delivery_errors(**{**good, "since": DAY, "on": DAY, **changed})
    assert set(errors) == fields


@pytest.mark.parametrize(("found", "move"), [(1, "deliver_part"), (2, "deliver")])
def test_what_a_delivery_of_so_many_is(found, move):
    assert rules.delivery_move(found=found, left=2) == move


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("draft", "now later later later later"),
        ("returned", "now later later later later"),
        ("evaluation", "done done now later later"),
        ("approved", "done done done done now"),
        ("partly", "done done done done now"),
        ("delivered", "done done done done done"),
        ("refused", ""),
    ],
)
def test_steps_of_an_application(status, expected):
    assert rules.step_states(status) == expected.split()
