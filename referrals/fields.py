"""Fields of the referral form.

A field that shows the mark "required" may still stay empty where direction and urgency do not ask
for it: `rules.submission_errors` decides, here as in the action and the API.
"""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from alliance.catalogue.models import Disease

from . import wishes

LONG = 4000
MOST_DIAGNOSES = 10


class Marked:
    """A field with the mark "required" whose emptiness the rule judges, not the field."""

    def validate(self, value: Any) -> None:
        """Judge what was filled in."""
        if value:
            super().validate(value)  # type: ignore[misc]


class PresetChoice(forms.ChoiceField):
    """A choice that begins with a usual value, which also counts where none was sent."""

    def __init__(self, *, preset: str, **kwargs: Any) -> None:
        super().__init__(required=False, initial=preset, **kwargs)

    def clean(self, value: Any) -> Any:
        """The choice made, or the usual one."""
        return super().clean(value) or self.initial


class MarkedText(Marked, forms.CharField):
    """A text that some kinds of referral need."""


class MarkedChoice(Marked, forms.ChoiceField):
    """A choice that a patient not in care yet needs."""


class MarkedDate(Marked, forms.DateField):
    """A date that a patient not in care yet needs."""


class MarkedRow(Marked, forms.ModelChoiceField):  # type: ignore[type-arg]
    """A row of a table that every referral leaving the house needs."""


class MarkedBox(Marked, forms.BooleanField):
    """A box that most kinds of referral need ticked."""


class Options(forms.Select):
    """A select whose options carry a hint and the initials they are found by."""

    def __init__(self, attrs: Any = None, choices: Any = ()) -> None:
        super().__init__({"data-combobox": "", **(attrs or {})}, choices)
        self.details: dict[str, dict[str, str]] = {}

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> Any:
        """The option with its own attributes."""
        option = super().create_option(name, value, *args, **kwargs)
        option["attrs"].update(self.details.get(str(value), {}))
        return option

    def show(self, rows: Iterable[Any], *, empty: Any, hint: Any = None) -> None:
        """Offer these rows."""
        self.choices = [("", empty)]
        for row in rows:
            value = str(row.public_id)
            self.choices.append((value, str(row)))
            self.details[value] = {"data-search": row.pinyin}
            if hint is not None:
                self.details[value]["data-hint"] = str(hint(row))


class DiagnosesField(Marked, forms.MultipleChoiceField):
    """Diseases by their codes, the main one first."""

    def clean(self, value: Any) -> list[Disease]:
        """The diseases; ValidationError for codes nobody knows and for a main one that cannot be."""
        codes = list(dict.fromkeys(str(code) for code in value or [] if code))
        found = wishes.diseases_by_code(codes)
        unknown = sorted(set(codes) - {disease.code for disease in found})
        if unknown:
            message = _("Unknown diagnosis code: %(codes)s.")
            raise ValidationError(message % {"codes": ", ".join(unknown[:5])})
        if len(found) > MOST_DIAGNOSES:
            message = _("Name at most %(most)d diagnoses.")
            raise ValidationError(message % {"most": MOST_DIAGNOSES})
        if found and not found[0].may_be_main:
            message = _("%(code)s cannot be the main diagnosis.")
            raise ValidationError(message % {"code": found[0].code})
        return found


def long_text(
    label: Any, *, rows: int = 3, marked: bool = False, help_text: Any = ""
) -> forms.Field:
    """A text of several lines."""
    kind = MarkedText if marked else forms.CharField
    return kind(
        label=label,
        required=marked,
        max_length=LONG,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": rows}),
    )


def short_text(label: Any, most: int, *, help_text: Any = "", **attrs: Any) -> forms.CharField:
    """A text of one line that may stay empty."""
    return forms.CharField(
        label=label,
        required=False,
        max_length=most,
        help_text=help_text,
        widget=forms.TextInput(attrs=attrs),
    )


def phone_text(label: Any) -> forms.CharField:
    """A telephone number that may stay empty."""
    return forms.CharField(
        label=label,
        required=False,
        max_length=30,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )
