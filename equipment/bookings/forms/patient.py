"""The part of a form that says for whom: an open referral, a patient found among one's own."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from alliance.core.forms import CreateForm

from ..causes import insist_known
from ..persons import Persons
from .fields import RowField


class PatientForm(CreateForm):
    """For whom; nobody need be named. What is typed to search is never part of an address."""

    cause = forms.ChoiceField(label=_("Open referral"), required=False)
    patient_search = forms.CharField(
        label=_("Find the patient"),
        max_length=50,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "enterkeyhint": "search"}),
        help_text=_("Name, pinyin initials or whole ID number; of your own patients."),
    )
    patient = RowField(
        label=pgettext_lazy("booking", "Patient"), required=False, widget=forms.RadioSelect
    )
    referral_number = forms.CharField(
        label=_("Number of another referral"), max_length=30, required=False
    )

    def offer_persons(self, persons: Persons) -> None:
        """Offer the referrals of the house, and whom was found."""
        self.persons = persons
        fields: Any = self.fields
        fields["patient"].offer(persons.offered, empty=_("Nobody is named"))
        fields["cause"].choices = [("", "—"), *((one.number, one.words) for one in persons.causes)]
        self.initial["cause"] = persons.cause.number if persons.cause else ""
        self.initial["patient"] = str(persons.chosen.public_id) if persons.chosen else ""
        if persons.cause:
            self.initial["referral_number"] = ""

    def clean_referral_number(self) -> str:
        """A number that was typed is one the user can read up."""
        number: str = self.cleaned_data["referral_number"]
        is_chosen = self.cleaned_data.get("cause") or self.persons.cause
        return number if is_chosen else insist_known(self.persons.user, number)

    def clean(self) -> dict[str, Any]:
        """The referral is the patient's, and nobody is searched for in vain.

        Who names a referral of the house names its patient.
        """
        data: dict[str, Any] = super().clean() or {}
        patient, cause = data.get("patient"), self.persons.cause
        searched = data.pop("patient_search", "")
        if searched and patient is None:
            message = _("Choose the patient who was meant, or empty the box.")
            self.add_error("patient_search", message)
        if patient and cause and cause.patient and cause.patient.pk != patient.pk:
            self.add_error("patient", _("The referral is another patient's: choose that one."))
        if patient is None and cause:
            data["patient"] = self.persons.chosen
        data["referral_number"] = data.pop("cause", "") or data.get("referral_number", "")
        return data
