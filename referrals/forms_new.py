"""The form of a referral: every field of the national form and what the platform adds."""

import uuid
from collections.abc import Mapping
from functools import cached_property
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from alliance.catalogue.models import Technique
from alliance.core.errors import DomainError
from alliance.core.forms import DateInput, LookupField
from alliance.core.identifiers import (
    IdType,
    birth_date_of,
    id_number_errors,
    normalise_id_number,
    sex_of,
)
from alliance.institutions.choices import Direction
from alliance.institutions.models import Department, Institution
from alliance.patients import selectors as patients
from alliance.patients.choices import ConsentGiver, ConsentMethod
from alliance.patients.models import Patient
from alliance.people.choices import Sex
from alliance.people.models import Practitioner

from . import rules, wishes
from .actions.entry import KEY
from .choices import InfectionFlag, Purpose, Urgency
from .fields import (
    DiagnosesField,
    MarkedBox,
    MarkedChoice,
    MarkedDate,
    MarkedRow,
    MarkedText,
    Options,
    PresetChoice,
    long_text,
    phone_text,
    short_text,
)

# A house with more doctors than this searches them on the server.
MOST_LISTED = 60

PERSON = ("name", "sex", "birth_date", "phone", "address", "record_number")
CLINICAL = (
    "preliminary_impression",
    "present_illness",
    "past_history",
    "treatment_given",
    "diagnosis_result",
    "inpatient_number",
    "main_results",
    "rehabilitation_advice",
    "stability",
    "indication",
    "allergies",
    "current_medicines",
    "infection_note",
)
TEXTS = (*CLINICAL, "contact_phone")
_CHOSEN = (
    *("direction", "urgency", "receiver", "receiver_department", "technique", "diagnoses"),
    *("purpose", "infection_flag", "expected_at", "sender_doctor"),
)
_ERRORS_AT = {
    "patient": "id_number",
    "consent.method": "consent_method",
    "consent.given_by": "consent_given_by",
}


_SAID = {"data-wish": ""}
_PRIVATE = {"autocomplete": "off"}


class ReferralForm(forms.Form):
    """What a doctor fills in; cleans to what the actions take (`data`, `person`)."""

    use_required_attribute = False

    idempotency_key = forms.CharField(max_length=120, widget=forms.HiddenInput)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    parent = forms.UUIDField(required=False, widget=forms.HiddenInput)
    patient = forms.UUIDField(required=False, widget=forms.HiddenInput)

    id_type = PresetChoice(
        label=_("Kind of document"), choices=IdType.choices, preset=IdType.RESIDENT
    )
    id_number = MarkedText(
        label=_("Document number"),
        max_length=40,
        widget=forms.TextInput(attrs={**_PRIVATE, "autofocus": True, "spellcheck": "false"}),
    )
    name = MarkedText(label=_("Name"), max_length=50, widget=forms.TextInput(attrs=_PRIVATE))
    sex = MarkedChoice(label=_("Sex"), choices=[("", "—"), *Sex.choices])
    birth_date = MarkedDate(label=_("Date of birth"), widget=DateInput())
    phone = phone_text(_("Patient's telephone"))
    address = short_text(_("Home address"), 200, **_PRIVATE)
    record_number = short_text(_("Health record number"), 30, **_PRIVATE)

    direction = PresetChoice(
        label=_("Direction"),
        choices=Direction.choices,
        preset=Direction.UP,
        widget=forms.RadioSelect(attrs=_SAID),
    )
    urgency = PresetChoice(
        label=_("Urgency"),
        choices=Urgency.choices,
        preset=Urgency.ROUTINE,
        widget=forms.RadioSelect(attrs=_SAID),
    )
    receiver = MarkedRow(
        Institution.objects.none(),
        label=_("Receiving institution"),
        to_field_name="public_id",
        widget=Options(attrs=_SAID),
    )
    receiver_department = forms.ModelChoiceField(
        Department.objects.none(),
        label=_("Receiving department"),
        required=False,
        to_field_name="public_id",
        widget=forms.Select(attrs=_SAID),
    )
    expected_at = forms.DateTimeField(
        label=_("Expected arrival"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )

    diagnoses = DiagnosesField(
        label=_("Diagnoses"),
        help_text=_("The first is the main diagnosis."),
        widget=forms.SelectMultiple(
            attrs={
                **_SAID,
                "data-combobox": reverse_lazy("referrals:lookup", args=["diseases"]),
                "data-combobox-value": "code",
            }
        ),
    )
    diagnosis_codes = short_text(
        _("Diagnosis codes"), 400, help_text=_("ICD-10 codes, apart by commas.")
    )
    technique = LookupField(
        label=_("Technique asked for"),
        required=False,
        url=reverse_lazy("referrals:lookup", args=["techniques"]),
        names=("code", "name"),
        value="code",
    )
    purpose = PresetChoice(
        label=_("Purpose of the referral"), choices=Purpose.choices, preset=Purpose.TREATMENT
    )

    preliminary_impression = long_text(_("Preliminary impression"), rows=2, marked=True)
    present_illness = long_text(_("Present illness (reason for referral)"), marked=True)
    past_history = long_text(_("Past history"), rows=2)
    treatment_given = long_text(_("Treatment given"), rows=2)
    indication = long_text(
        _("Indication"),
        rows=2,
        marked=True,
        help_text=_("Why this patient needs to be treated elsewhere."),
    )
    diagnosis_result = long_text(_("Diagnosis result"), rows=2, marked=True)
    inpatient_number = short_text(_("Inpatient record number"), 30, **_PRIVATE)
    main_results = long_text(_("Main examination results"))
    stability = long_text(_("Stability"), rows=2, marked=True)
    rehabilitation_advice = long_text(_("Next treatment and rehabilitation advice"), marked=True)
    allergies = long_text(
        _("Allergies"), rows=1, help_text=_("“None known” is worth writing down.")
    )
    current_medicines = long_text(_("Current medicines"), rows=1)
    infection_flag = PresetChoice(
        label=_("Infection"), choices=InfectionFlag.choices, preset=InfectionFlag.UNKNOWN
    )
    infection_note = short_text(_("Infection details"), 200)

    sender_doctor = forms.ModelChoiceField(
        Practitioner.objects.none(),
        label=_("Referring doctor"),
        required=False,
        to_field_name="public_id",
        widget=Options(),
    )
    contact_phone = phone_text(_("Contact telephone"))
    consent = MarkedBox(
        label=_("The patient agrees that this record is passed on to the receiving institution.")
    )
    consent_method = PresetChoice(
        label=_("Consent given"), choices=ConsentMethod.choices, preset=ConsentMethod.WRITTEN
    )
    consent_given_by = PresetChoice(
        label=_("Given by"), choices=ConsentGiver.choices, preset=ConsentGiver.PATIENT
    )

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        user: Any,
        wanted: wishes.Wanted,
        initial: Mapping[str, Any] | None = None,
    ) -> None:
        # A page opened anew is another page, even on the same draft.
        super().__init__(data, initial={**(initial or {}), KEY: uuid.uuid4().hex})
        self.user, self.wanted = user, wanted
        self.known: Patient | None = None
        # What the rules refused when it was filed.
        self.refusal: DomainError | None = None
        self._offer_places()
        self._offer_doctors()
        self._show_codes()

    # --- What is offered ----------------------------------------------------------------------

    def field(self, name: str) -> Any:
        """A field, as loosely typed as forms are."""
        return self.fields[name]

    def _offer_places(self) -> None:
        receiver, department = self.field("receiver"), self.field("receiver_department")
        receiver.queryset = Institution.objects.visible_to(self.user)
        receiver.widget.show(
            wishes.places(self.wanted),
            empty=_t("Choose the institution"),
            hint=lambda place: place.get_tier_display(),
        )
        department.queryset = Department.objects.visible_to(self.user).filter(is_active=True)
        rows = wishes.departments(self.wanted)
        department.widget.choices = [
            ("", _t("By diagnosis and technique")),
            *((str(row.public_id), str(row)) for row in rows),
        ]

    def _offer_doctors(self) -> None:
        field, house = self.field("sender_doctor"), self.wanted.house
        field.queryset = Practitioner.objects.filter(institution=house, is_active=True)
        rows = list(field.queryset.order_by("pinyin")[: MOST_LISTED + 1])
        if len(rows) > MOST_LISTED:
            chosen = wishes.row(field.queryset, self.data or self.initial, "sender_doctor")
            rows = [chosen] if chosen else []
            lookup = reverse_lazy("referrals:lookup", args=["doctors"])
            field.widget.attrs["data-combobox"] = lookup
        field.widget.show(rows, empty="—")

    def _show_codes(self) -> None:
        diagnoses, technique = self.field("diagnoses"), self.field("technique")
        diagnoses.choices = [(row.code, row.name) for row in self.wanted.diseases]
        technique.rows = Technique.objects.filter(is_active=True)
        technique.widget.attrs["data-wish"] = ""
        if self.wanted.technique is not None:
            technique.show(self.wanted.technique)

    @property
    def is_unfolded(self) -> bool:
        """Whether an emergency shows what may wait: something there was filled in or is wrong."""
        later = {*TEXTS, "diagnoses", "technique"} - {"preliminary_impression", "contact_phone"}
        values = self.data or self.initial
        return any(wishes.one(values, name) or name in self.errors for name in later)

    # --- What it cleans to --------------------------------------------------------------------

    def clean(self) -> dict[str, Any]:
        """The patient, the codes typed without scripts, and what this kind of referral needs."""
        data: dict[str, Any] = super().clean() or {}
        self._take_codes(data)
        self._find_patient(data)
        if data.get("consent_method") == ConsentMethod.EMERGENCY and not self._is_emergency:
            message = _t("Only an emergency leaves without anybody's consent.")
            self.add_error("consent_method", message)
        department = data.get("receiver_department")
        if department is not None and department.institution != data.get("receiver"):
            data["receiver_department"] = None
        self._check_needed(data)
        return data

    @property
    def _is_emergency(self) -> bool:
        return self.cleaned_data.get("urgency") == Urgency.EMERGENCY

    def _take_codes(self, data: dict[str, Any]) -> None:
        codes = wishes.split_codes(data.get("diagnosis_codes") or "")
        if codes and "diagnoses" in data:
            typed = [disease.code for disease in data["diagnoses"]] + codes
            try:
                data["diagnoses"] = self.field("diagnoses").clean(typed)
            except ValidationError as error:
                self.add_error("diagnosis_codes", error)

    def _find_patient(self, data: dict[str, Any]) -> None:
        """Known by number, or by the id of somebody in care here; otherwise a new entry."""
        number = normalise_id_number(data.get("id_number") or "")
        house = self.wanted.house
        if number:
            found = patients.find_by_number(data.get("id_type", ""), number)
        else:
            chosen = data.get("patient")
            found = chosen and patients.visible_entry(public_id=chosen, user=self.user)
        if found and patients.has_access(found.pk, house.pk):
            self.known = found
        else:
            self._check_person(data, number)

    def _check_person(self, data: dict[str, Any], number: str) -> None:
        kind = data.get("id_type", "")
        faults = id_number_errors(kind, number, timezone.localdate()) if number else {}
        for name, sentence in faults.items():
            self.add_error(name, sentence)
        if number and kind == IdType.RESIDENT and not faults:
            data["sex"] = data.get("sex") or sex_of(number)
            data["birth_date"] = data.get("birth_date") or birth_date_of(number)
        for name in PERSON[:3]:
            if not data.get(name) and name not in self.errors:
                self.add_error(name, _t("This is needed."))

    def _check_needed(self, data: dict[str, Any]) -> None:
        values = {**data, "consent": self._consent(data), "patient": self._is_somebody(data)}
        for name, sentence in rules.submission_errors(values).items():
            at = _ERRORS_AT.get(name, name)
            if at not in self.errors:
                self.add_error(at, sentence)

    def _is_somebody(self, data: Mapping[str, Any]) -> bool:
        return self.known is not None or bool(data.get("id_number"))

    def _consent(self, data: Mapping[str, Any]) -> dict[str, Any]:
        return {
            "given": bool(data.get("consent")),
            "method": data.get("consent_method"),
            "given_by": data.get("consent_given_by"),
        }

    @cached_property
    def patient_or_person(self) -> Patient | dict[str, Any]:
        """The patient in care here, or what registering takes."""
        if self.known is not None:
            return self.known
        return {name: self.cleaned_data[name] for name in ("id_type", "id_number", *PERSON)}

    @cached_property
    def filing(self) -> dict[str, Any]:
        """The data of `create_referral` and `submit_draft`, but for the patient."""
        data = self.cleaned_data
        doctor = data["sender_doctor"]
        return {
            **{name: data[name] for name in (*TEXTS, *_CHOSEN)},
            "sender_department": doctor.department if doctor else None,
            "consent": self._consent(data),
        }

    def tell(self, error: ValidationError) -> None:
        """Put what the action refused at the field that a reader would look at."""
        for name, faults in error.update_error_dict({}).items():
            at = _ERRORS_AT.get(name, name)
            self.add_error(at if at in self.fields else None, faults)


def typed_values(sent: QueryDict) -> dict[str, Any]:
    """What a page holds, ready to be kept: lists only where a field takes several values."""
    return {
        name: sent.getlist(name) if name == "diagnoses" else sent.get(name, "")
        for name in ReferralForm.base_fields
        if name != "version" and name in sent
    }
