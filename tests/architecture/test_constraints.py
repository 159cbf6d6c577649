"""What must never be false: every constraint of ours is broken by name in some test."""

import re

import pytest
from django.apps import apps
from django.conf import settings

OURS = {"alliance", "training", "equipment", "referrals", "qc"}
CONSTRAINTS = {
    constraint.name: model._meta.app_label
    for model in apps.get_models()
    if model.__module__.split(".")[0] in OURS
    for constraint in model._meta.constraints
}
TESTS = "\n".join(
    path.read_text()
    for path in sorted((settings.BASE_DIR / "tests" / "unit").rglob("test_*.py"))
    if "IntegrityError" in path.read_text()
)


@pytest.mark.parametrize("name", sorted(CONSTRAINTS))
def test_every_constraint_has_a_test_that_breaks_it(name):
    assert re.search(rf'"{name}"', TESTS), f"no test in tests/unit breaks {name} by its name"


def test_there_are_constraints_to_look_for():
    assert len(CONSTRAINTS) > 50


def test_names_tell_the_app_they_belong_to():
    for name, app in CONSTRAINTS.items():
        assert name.startswith(f"{app}_"), name
