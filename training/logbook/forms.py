"""Forms of the logbook: one case in less than a minute, and what is done with it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, cast

from django import forms
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.core.forms import CreateForm, DateInput, DayField, LookupField, MomentField
from alliance.institutions.models import Institution

from .choices import CaseRole, ClavienDindo, Outcome, ReviewDecision
from .models import Case, RatingScale

_MOMENT = "%Y-%m-%dT%H:%M"


def _people(label: Any, **more: Any) -> LookupField:
    return LookupField(
        url=reverse_lazy("logbook:lookup", args=["people"]),
        names=("public_id", "licence_number", "name"),
        label=label,
        **more,
    )


class CaseForm(CreateForm):
    """One operation. What is asked first is what differs from the last one."""

    technique = LookupField(
        label=_("Technique"),
        url=reverse_lazy("logbook:lookup", args=["techniques"]),
        names=("code", "name"),
        value="code",
    )
    performed_on = DayField(label=_("Date of the operation"), widget=DateInput())
    external_case_number = forms.CharField(
        label=_("Hospital case number"), max_length=40, required=False
    )
    role = forms.ChoiceField(label=_("Role"), choices=CaseRole.choices, widget=forms.RadioSelect)
    supervisor = _people(
        _("Supervisor"),
        required=False,
        help_text=_("Who led you; for an assistant, who operated. This person confirms the case."),
    )
    outcome = forms.ChoiceField(
        label=_("Outcome"), choices=Outcome.choices, widget=forms.RadioSelect
    )
    clavien_dindo = forms.ChoiceField(
        label=_("Grade of the complication (Clavien-Dindo)"),
        required=False,
        choices=[("", "—"), *ClavienDindo.choices],
    )
    duration_minutes = forms.IntegerField(
        label=_("Duration in minutes"),
        required=False,
        min_value=1,
        max_value=2880,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    institution = forms.ModelChoiceField(
        Institution.objects.none(),
        label=_("Institution"),
        to_field_name="public_id",
        widget=forms.Select(attrs={"data-combobox": ""}),
    )
    operator = _people(_("Operator"), help_text=_("Whose logbook this is."))
    patient = LookupField(
        label=_("Patient"),
        required=False,
        url=reverse_lazy("logbook:lookup", args=["patients"]),
        names=("public_id",),
        help_text=_("Name or pinyin initials; instead of the hospital case number."),
    )
    converted = forms.BooleanField(label=_("Converted to open surgery"), required=False)
    is_emergency = forms.BooleanField(label=_("Emergency operation"), required=False)
    mdt_recorded = forms.BooleanField(
        label=_("Team discussion (MDT) recorded before"), required=False
    )
    started_at = MomentField(
        label=_("Started"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=_MOMENT),
    )
    referral_number = forms.CharField(
        label=_("Number of the referral"), max_length=30, required=False
    )
    notes = forms.CharField(
        label=_("Notes"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("No names of patients."),
    )

    FIRST = (
        "technique", "performed_on", "external_case_number", "role", "supervisor", "outcome",
        "clavien_dindo", "duration_minutes",
    )  # fmt: skip
    MORE = (
        "institution", "operator", "patient", "converted", "is_emergency", "mdt_recorded",
        "started_at", "referral_number", "notes",
    )  # fmt: skip

    def __init__(
        self, *args: Any, houses: Any, patients: Any, people: Any, techniques: Any, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["institution"].queryset = houses  # type: ignore[attr-defined]
        for name, rows in {
            "technique": techniques,
            "operator": people,
            "supervisor": people,
            "patient": patients,
        }.items():
            cast(LookupField, self.fields[name]).rows = rows
        if patients is None:
            del self.fields["patient"]

    def begin_with(self, values: Mapping[str, Any]) -> None:
        """Start with these values; rows are shown by their words."""
        for name, value in values.items():
            field = self.fields.get(name)
            if field is None or value in (None, ""):
                continue
            if isinstance(field, LookupField):
                self.initial[name] = field.show(value)
            elif isinstance(value, Institution):
                self.initial[name] = value.public_id
            else:
                self.initial[name] = value

    def go_on_with(self, typed: Mapping[str, str]) -> None:
        """Start with what was half typed; a row that can no longer be named is left out."""
        for name, text in typed.items():
            field = self.fields.get(name)
            if isinstance(field, LookupField):
                try:
                    row = field.clean(text)
                except forms.ValidationError:
                    continue
                self.initial[name] = field.show(row)
            elif isinstance(field, forms.BooleanField):
                self.initial[name] = True
            elif field is not None:
                self.initial[name] = text

    def first_fields(self) -> list[forms.BoundField]:
        """What every entry says."""
        return [self[name] for name in self.FIRST]

    def more_fields(self) -> list[forms.BoundField]:
        """What is mostly as it was, or empty."""
        return [self[name] for name in self.MORE if name in self.fields]

    @property
    def opens_more(self) -> bool:
        """Whether something in the folded part has to be looked at."""
        return any(name in self.errors for name in self.MORE)


class ChangeForm(CaseForm):
    """The same form for putting an entry right."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.CharField(
        label=_("Why is it amended?"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        required=False,
    )

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.begin_with(content(case) | {"version": case.version})
        if case.confirmed_at is None:
            del self.fields["reason"]
        else:
            self.fields["reason"].required = True
            for name in ("operator", "supervisor", "institution"):
                self.fields[name].disabled = True


def content(case: Case) -> dict[str, Any]:
    """What the form shows of an entry."""
    found = {name: getattr(case, name) for name in (*CaseForm.FIRST, *CaseForm.MORE)}
    if case.started_at is not None:
        found["started_at"] = timezone.localtime(case.started_at).strftime(_MOMENT)
    return found


class ReasonForm(forms.Form):
    """Why an entry is sent back or made void."""

    reason = forms.CharField(
        label=_("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 2})
    )
    version = forms.IntegerField(widget=forms.HiddenInput)


class ConfirmForm(forms.Form):
    """Marks on any one of the scales offered; none at all is fine too."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, scales: Iterable[RatingScale], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.scales = list(scales)
        for scale in self.scales:
            for item in scale.items:
                self.fields[_mark(scale, item["code"])] = forms.TypedChoiceField(
                    label=item["name"],
                    choices=_marks(scale),
                    coerce=int,
                    empty_value=None,
                    required=False,
                )

    def groups(self) -> list[tuple[RatingScale, list[forms.BoundField], bool]]:
        """The fields of each scale, and whether somebody has begun to rate on it."""
        found = []
        for scale in self.scales:
            fields = [self[_mark(scale, item["code"])] for item in scale.items]
            found.append((scale, fields, any(field.value() for field in fields)))
        return found

    def rated(self) -> dict[str, Any]:
        """The scale that somebody rated on, with its marks; nothing where nobody did."""
        for scale in self.scales:
            marks = {
                item["code"]: self.cleaned_data[_mark(scale, item["code"])] for item in scale.items
            }
            given = {code: mark for code, mark in marks.items() if mark is not None}
            if given:
                return {"scale": scale, "ratings": given}
        return {}


def _mark(scale: RatingScale, code: str) -> str:
    return f"rate-{scale.pk}-{code}"


def _marks(scale: RatingScale) -> list[tuple[Any, str]]:
    """The marks with what they mean, where the scale says so."""
    found: list[tuple[Any, str]] = [("", "—")]
    for mark in range(scale.lowest, scale.highest + 1):
        meaning = scale.marks.get(str(mark), "")
        found.append((mark, f"{mark} {meaning}".strip()))
    return found


class DecisionForm(forms.Form):
    """What somebody decides about a signal."""

    decision = forms.ChoiceField(label=_("Decision"), widget=forms.RadioSelect)
    note = forms.CharField(
        label=_("What you looked at, and why"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, decisions: Iterable[ReviewDecision], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [(one.value, one.label) for one in decisions]
        self.fields["decision"].choices = offered  # type: ignore[attr-defined]
