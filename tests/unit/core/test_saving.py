"""Saving with every fault at its field, and saying what changed."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from alliance.core import saving
from alliance.people.models import Practitioner, User
from tests.factories import alliance as make


def faults(act):
    with pytest.raises(ValidationError) as refusal:
        act()
    return refusal.value.message_dict


def test_rules_and_model_speak_together(db):
    user = User(username="a b", name="", email="a@example.org", password="x")
    found = faults(lambda: saving.validated(user, {"phone": "No number."}))
    assert set(found) == {"username", "name", "phone"}


def test_a_field_that_a_rule_refused_is_not_refused_twice(db):
    user = User(username="", name="x", password="x")
    assert faults(lambda: saving.validated(user, {"username": "Choose one."})) == {
        "username": ["Choose one."]
    }


def test_a_table_constraint_is_told_at_the_field_of_its_code(db):
    make.UserFactory(username="taken")
    user = User(username="TAKEN", name="x", password="x")
    assert faults(lambda: saving.validated(user, {})) == {"username": ["This user name is taken."]}


def test_nobody_is_told_the_name_of_a_constraint(db):
    user = User(username="x", name="x", email="x@example.org", password="x", is_active=False)
    (found,) = faults(lambda: saving.validated(user, {}))["__all__"]
    assert found.startswith("Some numbers, dates or choices do not fit together.")


def test_one_sentence_is_said_once(db):
    make.UserFactory(username="taken")
    user = User(username="taken", name="x", password="x")
    assert faults(lambda: saving.validated(user, {})) == {"username": ["This user name is taken."]}


def test_only_looks_at_what_is_about_to_be_written(db):
    user = make.UserFactory()
    user.password, user.name = "", "x"
    saving.validated(user, {}, only=["name"])


def test_store_tells_a_twin_that_came_first(db, monkeypatch):
    make.UserFactory(username="twin")
    user = User(username="Twin", name="x", password="x")
    checked = []
    look = saving.validated

    def blind_at_first(*args, **kwargs):
        checked.append(args)
        if len(checked) > 1:
            look(*args, **kwargs)

    monkeypatch.setattr(saving, "validated", blind_at_first)
    assert faults(lambda: saving.store(user)) == {"username": ["This user name is taken."]}


def test_store_hides_no_other_fault_of_the_table(db, monkeypatch):
    monkeypatch.setattr(saving, "validated", lambda *args, **kwargs: None)
    with pytest.raises(IntegrityError):
        saving.store(User(username="x", name="x", password="x", is_active=False))


def test_assign_says_before_and_after_in_plain_values(db):
    house, other = make.InstitutionFactory(), make.InstitutionFactory()
    person = make.PractitionerFactory(institution=house, name="甲")
    changed = saving.assign(person, {"name": "乙", "institution": other, "is_active": True})
    assert changed == {"name": ["甲", "乙"], "institution": [house.pk, other.pk]}
    assert saving.without(changed, ["name"]) == {"name": True, "institution": [house.pk, other.pk]}
    assert isinstance(person, Practitioner)
