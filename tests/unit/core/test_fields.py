"""The encrypted field without a database: what goes in is sealed, nothing can be looked up."""

import pytest
from django import forms
from django.core.exceptions import FieldError, ValidationError
from django.db import models
from django.test.utils import isolate_apps

from alliance.core import crypto
from alliance.core.fields import EncryptedTextField


def holder(**options):
    """A model with one encrypted field, outside every app."""
    meta = type("Meta", (), {"app_label": "unused"})
    attributes = {"__module__": __name__, "Meta": meta, "secret": EncryptedTextField(**options)}
    return type("Holder", (models.Model,), attributes)


def test_value_is_sealed_on_the_way_in_and_opened_on_the_way_out():
    field = EncryptedTextField()
    stored = field.get_db_prep_save("11010519491231002X", connection=None)
    assert crypto.decrypt(stored) == "11010519491231002X"
    assert field.from_db_value(stored, None, None) == "11010519491231002X"


@pytest.mark.parametrize("empty", ["", None])
def test_emptiness_stays_visible(empty):
    field = EncryptedTextField(null=True)
    assert field.get_db_prep_save(empty, connection=None) == empty
    assert field.from_db_value(empty, None, None) == empty


@isolate_apps()
@pytest.mark.parametrize(
    "lookup", ["secret", "secret__exact", "secret__in", "secret__startswith", "secret__length"]
)
def test_lookups_are_refused(lookup):
    model = holder(null=True)

    with pytest.raises(FieldError):
        model.objects.filter(**{lookup: "x"})
    assert "IS NULL" in str(model.objects.filter(secret__isnull=True).query)


@isolate_apps()
@pytest.mark.parametrize(
    "option", [{"unique": True}, {"db_index": True}, {"primary_key": True}, {"db_default": "x"}]
)
def test_options_that_cannot_work_are_refused_by_a_check(option):
    model = holder(**option)

    assert "core.E101" in {fault.id for fault in model._meta.get_field("secret").check()}


@isolate_apps()
def test_a_plain_encrypted_field_passes_its_checks():
    model = holder(max_length=18)

    assert model._meta.get_field("secret").check() == []


def test_max_length_counts_the_clear_text():
    field = EncryptedTextField(max_length=3)
    assert field.clean("abc", None) == "abc"
    with pytest.raises(ValidationError):
        field.clean("abcd", None)


def test_migrations_hold_no_secret():
    name, path, args, kwargs = EncryptedTextField(max_length=18, null=True).deconstruct()
    assert path == "alliance.core.fields.EncryptedTextField"
    assert (name, args, kwargs) == (None, [], {"max_length": 18, "null": True})


def test_form_field_is_one_line():
    assert isinstance(EncryptedTextField(max_length=18).formfield().widget, forms.TextInput)
