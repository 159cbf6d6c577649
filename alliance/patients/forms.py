"""What people type about patients. The rules are the actions'; forms help to type less."""

from typing import Any, cast

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alliance.core.forms import CreateForm, DateInput
from alliance.core.identifiers import (
    IdType,
    birth_date_of,
    id_number_errors,
    normalise_id_number,
    sex_of,
)
from alliance.institutions.models import Institution
from alliance.people.choices import Sex

from . import rules
from .choices import ConsentGiver, ConsentMethod, ConsentPurpose
from .models import Patient

_OFF = {"autocomplete": "off"}


class DateTimeInput(forms.DateTimeInput):
    """The browser's own picker of a day and a time."""

    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M")


class ParticularsForm(forms.Form):
    """Who a patient is. Birth date and sex come from the resident ID number when left empty."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=50, widget=forms.TextInput(_OFF))
    id_type = forms.ChoiceField(label=gettext_lazy("Kind of document"), choices=IdType.choices)
    id_number = forms.CharField(
        label=gettext_lazy("ID number"), max_length=40, widget=forms.TextInput(_OFF)
    )
    sex = forms.ChoiceField(
        label=gettext_lazy("Sex"), required=False, choices=[("", "—"), *Sex.choices]
    )
    birth_date = forms.DateField(
        label=gettext_lazy("Date of birth"),
        required=False,
        widget=DateInput(),
        help_text=gettext_lazy("Taken from the resident ID number when left empty."),
    )
    phone = forms.CharField(
        label=gettext_lazy("Telephone"),
        max_length=30,
        required=False,
        widget=forms.TextInput({**_OFF, "inputmode": "tel"}),
    )
    address = forms.CharField(
        label=gettext_lazy("Address"),
        max_length=200,
        required=False,
        widget=forms.TextInput(_OFF),
    )
    record_number = forms.CharField(
        label=gettext_lazy("Health record number"),
        max_length=30,
        required=False,
        widget=forms.TextInput(_OFF),
    )

    def clean(self) -> dict[str, Any]:
        """Check the number; fill birth date and sex from it where it holds them."""
        data = cast("dict[str, Any]", super().clean())
        if "id_type" in data and "id_number" in data:
            number = normalise_id_number(data["id_number"])
            faults = id_number_errors(data["id_type"], number, timezone.localdate())
            for field, message in faults.items():
                self.add_error(field, message)
            if not faults:
                self._complete(data, number)
        return data

    def _complete(self, data: dict[str, Any], number: str) -> None:
        """What the resident number says; other documents say nothing, so it must be typed."""
        if data["id_type"] == IdType.RESIDENT:
            data["birth_date"] = data.get("birth_date") or birth_date_of(number)
            data["sex"] = data.get("sex") or sex_of(number)
            return
        if data.get("birth_date") is None and "birth_date" not in self.errors:
            self.add_error("birth_date", _("Enter the date of birth."))
        if not data.get("sex"):
            self.add_error("sex", _("Choose the sex."))


class RegisterForm(ParticularsForm, CreateForm):
    """A patient to enter."""


class AmendForm(ParticularsForm):
    """A patient to put right."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    @classmethod
    def of(cls, patient: Patient) -> "AmendForm":
        """The form as it stands now."""
        initial = {name: getattr(patient, name) for name in ParticularsForm.base_fields}
        return cls(initial={**initial, "version": patient.version})


class ReasonForm(forms.Form):
    """Why somebody does something that is recorded with its reason."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=rules.REASON_LENGTH,
        widget=forms.TextInput(_OFF),
    )


class ConsentForm(CreateForm):
    """A consent that a patient gave."""

    purpose = forms.ChoiceField(label=gettext_lazy("Purpose"), choices=ConsentPurpose.choices)
    receiver = forms.ModelChoiceField(
        label=gettext_lazy("Who receives the record"), queryset=Institution.objects.none()
    )
    method = forms.ChoiceField(
        label=gettext_lazy("How it was given"),
        choices=ConsentMethod.choices,
        widget=forms.RadioSelect,
    )
    given_by = forms.ChoiceField(
        label=gettext_lazy("Given by"), choices=ConsentGiver.choices, widget=forms.RadioSelect
    )
    given_at = forms.DateTimeField(
        label=gettext_lazy("Given at"),
        widget=DateTimeInput(),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"],
    )
    note = forms.CharField(
        label=gettext_lazy("Note"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Such as the witness, or where the signed form is kept."),
    )

    def __init__(self, *args: Any, receivers: QuerySet[Institution], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast("forms.ModelChoiceField[Any]", self.fields["receiver"]).queryset = receivers
        self.initial.setdefault("given_at", timezone.localtime())


class MergeForm(ReasonForm):
    """Which of two compared entries stays, and the versions that were compared."""

    keep = forms.ChoiceField(
        label=gettext_lazy("Which entry stays?"), choices=[], widget=forms.RadioSelect
    )
    one_version = forms.IntegerField(widget=forms.HiddenInput)
    other_version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, one: Patient, other: Patient, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.one, self.other = one, other
        field = cast("forms.ChoiceField", self.fields["keep"])
        field.choices = [
            ("one", _("The left one")),
            ("other", _("The right one")),
        ]
        self.initial = {
            "keep": "one" if one.pk < other.pk else "other",
            "one_version": one.version,
            "other_version": other.version,
        }

    def decision(self) -> dict[str, Any]:
        """What the action takes: which stays, which goes, which versions were seen."""
        data = self.cleaned_data
        pairs = [(self.one, data["one_version"]), (self.other, data["other_version"])]
        (keep, keep_seen), (gone, gone_seen) = pairs if data["keep"] == "one" else pairs[::-1]
        seen = (keep_seen, gone_seen)
        return {"keep": keep, "merge": gone, "seen": seen, "reason": data["reason"]}
