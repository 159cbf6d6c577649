"""Every field about a patient is sorted: identifying or not. A new field stops the build."""

from importlib import import_module
from importlib.util import find_spec

import pytest
from django.apps import apps

from alliance.patients.models import Patient


def _about_patients():
    """`Patient` and every model with a foreign key to it, of whatever app."""
    pointing = [
        model
        for model in apps.get_models()
        if any(
            field.is_relation and field.related_model is Patient and field.concrete
            for field in model._meta.get_fields()
        )
    ]
    return sorted({Patient, *pointing}, key=lambda model: model._meta.label)


def _sorted_fields(model, name):
    """What the model's own room says about it, in its module `privacy`."""
    room = model._meta.app_config.name
    if find_spec(f"{room}.privacy") is None:
        return None
    return getattr(import_module(f"{room}.privacy"), name).get(model._meta.label)


@pytest.mark.parametrize("model", _about_patients(), ids=lambda model: model._meta.label)
def test_every_field_about_a_patient_is_sorted_once(model):
    identifying = _sorted_fields(model, "IDENTIFYING")
    harmless = _sorted_fields(model, "NOT_IDENTIFYING")
    assert identifying is not None, f"sort the fields of {model._meta.label} in its privacy.py"
    assert harmless is not None
    assert not identifying & harmless
    fields = {field.name for field in model._meta.get_fields() if field.concrete}
    assert identifying | harmless == fields


def test_the_models_about_patients_are_known():
    labels = {model._meta.label for model in _about_patients()}
    assert labels >= {
        "patients.Patient",
        "patients.PatientAccess",
        "patients.Consent",
        "patients.PatientMerge",
        "referrals.Referral",
    }
