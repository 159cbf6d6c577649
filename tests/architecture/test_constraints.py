"""What must never be false: every constraint of ours is broken by name in some test."""

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


def test_every_constraint_has_a_test_that_breaks_it():
    unbroken = [name for name in sorted(CONSTRAINTS) if f'"{name}"' not in TESTS]
    assert unbroken == [], "no test in tests/unit breaks these by their names"


def test_there_are_constraints_to_look_for():
    assert len(CONSTRAINTS) > 50


def test_names_tell_the_app_they_belong_to():
    for name, app in CONSTRAINTS.items():
        assert name.startswith(f"{app}_"), name
