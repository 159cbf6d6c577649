"""What page forms share: errors of actions at their fields, lookups, chips."""

import pytest
from django import forms
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.http import QueryDict
from django.test import RequestFactory
from django.utils import translation
from rest_framework import serializers

from alliance.core.filters import StrictBooleanField
from alliance.core.forms import CreateForm, LookupField, attempt, explain, posted
from alliance.core.listing import chips
from alliance.core.unreadable import UNREADABLE


class Sample(forms.Form):
    search = forms.CharField(required=False)
    tier = forms.ChoiceField(choices=[("a", "Alpha"), ("b", "Beta")], required=False)
    mine = StrictBooleanField(required=False)


def bound(**values):
    query = QueryDict(mutable=True)
    query.update(values)
    return Sample(query)


def test_explain_puts_known_fields_at_theirs_and_the_rest_on_top():
    form = bound()
    explain(form, ValidationError({"tier": "not this", "elsewhere": "nor that"}))
    assert form.errors == {"tier": ["not this"], "__all__": ["nor that"]}


def test_explain_a_plain_sentence_stands_on_top():
    form = bound()
    explain(form, ValidationError("no"))
    assert form.non_field_errors() == ["no"]


class Received(serializers.Serializer):
    search = serializers.CharField()


@pytest.mark.parametrize(
    "asked", [bound(search="a\0b"), Received(data={"search": "a\0b"}),
              Received(data={"search": "\ud800"})],
    ids=["page", "system", "half a character"],
)  # fmt: skip
def test_characters_that_no_text_holds_are_called_that(asked):
    with translation.override("zh-hans"):
        assert not asked.is_valid()
        assert asked.errors["search"] == [str(UNREADABLE)]
        assert "不能识别的字符" in asked.errors["search"][0]


def test_attempt_does_nothing_with_a_broken_form():
    done = []
    assert not attempt(bound(tier="z"), lambda: done.append(1))
    assert attempt(bound(tier="a"), lambda: done.append(2))
    assert done == [2]


def test_posted_binds_only_what_was_sent():
    assert posted(RequestFactory().get("/")) is None
    assert posted(RequestFactory().post("/")) is not None


def test_create_form_has_a_fresh_key_and_keeps_it_out_of_the_values():
    form = CreateForm(QueryDict("idempotency_key=k"))
    assert form.is_valid()
    assert form.values == {}
    assert CreateForm().initial["idempotency_key"] != CreateForm().initial["idempotency_key"]


def test_lookup_field_needs_to_know_its_rows():
    with pytest.raises(ImproperlyConfigured):
        LookupField(url="", names=["code"]).clean("47.0100")


def test_chips_name_what_is_on_and_how_to_take_it_off():
    request = RequestFactory().get("/", {"search": "x", "tier": "a", "cursor": "c"})
    (chip,) = chips(request, Sample(request.GET))
    assert (chip["label"], chip["value"], chip["url"]) == ("Tier", "Alpha", "?search=x")


@pytest.mark.parametrize(("asked", "told"), [("true", "Yes"), ("1", "Yes"), ("false", "No")])
def test_chips_say_yes_and_no_in_words(asked, told):
    (chip,) = chips(RequestFactory().get("/", {"mine": asked}), bound(mine=asked))
    assert chip["value"] == told


def test_chips_leave_out_what_is_wrong():
    request = RequestFactory().get("/", {"tier": "z"})
    assert chips(request, Sample(request.GET)) == []
