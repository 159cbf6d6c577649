"""Forms of postings; the actions decide, the forms say where it went wrong."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from alliance.catalogue.models import Technique
from alliance.core.forms import CreateForm, DateInput, DayField, LookupField, MomentField
from alliance.core.templatetags.times import day
from alliance.institutions.models import Department, Institution
from alliance.people.models import Practitioner

from .choices import Assessment, Mode, PostingKind
from .fields import RowsField

_TEXT_MOST = 2000
_CASES_OFFERED = 50


def _text(label: Any, *, rows: int = 4, required: bool = True, help_text: Any = "") -> Any:
    return forms.CharField(
        label=label,
        max_length=_TEXT_MOST,
        required=required,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": rows}),
    )


def practitioner_field(label: Any, **more: Any) -> LookupField:
    """A practitioner, found by name, initials or licence."""
    return LookupField(
        url=reverse_lazy("api:practitioner-list"),
        names=("public_id", "licence_number", "name"),
        label=label,
        **more,
    )


class PostingForm(CreateForm):
    """Who is posted where, when and to do what."""

    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=PostingKind.choices,
        help_text=_("Dispatch leads to a lower tier, rotation to a higher one."),
    )
    practitioner = practitioner_field(_("Practitioner"))
    to_institution = LookupField(
        url=reverse_lazy("api:institution-list"),
        names=("public_id", "uscc", "name", "short_name"),
        label=_("Receiving institution"),
    )
    department = LookupField(
        url=reverse_lazy("api:department-list"),
        names=("public_id", "name"),
        label=_("Department"),
        required=False,
    )
    valid_from = DayField(label=_("First day"), widget=DateInput())
    valid_until = DayField(label=_("First day after it"), widget=DateInput())
    plan = _text(_("Plan"), help_text=_("What is to be done or learnt, and how it is assessed."))

    def __init__(self, *args: Any, people: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        houses = Institution.objects.visible_to(user).filter(is_active=True)
        departments = Department.objects.visible_to(user).filter(is_active=True)
        self.fields["practitioner"].rows = people  # type: ignore[attr-defined]
        self.fields["to_institution"].rows = houses  # type: ignore[attr-defined]
        self.fields["department"].rows = departments  # type: ignore[attr-defined]
        self.fields["department"].widget.attrs["data-combobox-with"] = (
            "institution:id_to_institution"
        )

    def begin_with(self, person: Practitioner) -> None:
        """Begin with this person."""
        field: Any = self.fields["practitioner"]
        self.initial["practitioner"] = field.show(person)


class MentorshipForm(CreateForm):
    """Who teaches whom, what, for how long and to what end."""

    mentor = practitioner_field(_("Mentor"))
    mentee = practitioner_field(_("Mentee"))
    technique = LookupField(
        url=reverse_lazy("api:technique-list"),
        names=("code", "name"),
        value="code",
        label=_("Technique"),
        required=False,
        help_text=_("Empty: in general. The mentor needs an independent privilege for it."),
    )
    valid_from = DayField(label=_("First day"), widget=DateInput())
    valid_until = DayField(label=_("First day after it"), widget=DateInput())
    goals = _text(_("Goals"), help_text=_("What the mentee can do at its end, and how it shows."))

    def __init__(self, *args: Any, people: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["mentor"].rows = fields["mentee"].rows = people
        fields["technique"].rows = Technique.objects.visible_to(user).filter(is_active=True)

    def begin_with(self, name: str, row: Any) -> None:
        """Begin with this mentor, mentee or technique."""
        field: Any = self.fields[name]
        self.initial[name] = field.show(row)


class SessionForm(CreateForm):
    """Who guided whom, when, how, and what came of it."""

    mentor = practitioner_field(_("Mentor"))
    institution = LookupField(
        url=reverse_lazy("api:institution-list"),
        names=("public_id", "uscc", "name", "short_name"),
        label=_("Guided institution"),
        help_text=_("Where those who were guided work."),
    )
    participants = RowsField(url=reverse_lazy("api:practitioner-list"), label=_("Who was guided"))
    mode = forms.ChoiceField(label=_("Mode"), choices=Mode.choices, widget=forms.RadioSelect)
    starts_at = MomentField(
        label=_("Began"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    minutes_taken = forms.IntegerField(
        label=_("Length in minutes"), min_value=1, widget=forms.NumberInput(attrs={"step": 5})
    )
    technique = LookupField(
        url=reverse_lazy("api:technique-list"),
        names=("code", "name"),
        value="code",
        label=_("Technique"),
        required=False,
    )
    cases = RowsField(
        label=_("Cases"),
        required=False,
        help_text=_("Cases of the last weeks from the logbook that the session was about."),
    )
    minutes = forms.CharField(
        label=_("Minutes of the session"),
        max_length=4000,
        help_text=_("What was done, what was found, what to do next. No names of patients."),
        widget=forms.Textarea(attrs={"rows": 5}),
    )

    def __init__(self, *args: Any, people: Any, cases: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        houses = Institution.objects.visible_to(user).filter(is_active=True)
        fields["mentor"].rows = fields["participants"].rows = people
        fields["institution"].rows = houses
        fields["technique"].rows = Technique.objects.visible_to(user).filter(is_active=True)
        fields["cases"].rows = cases
        fields["cases"].words = case_words
        fields["cases"].offer(cases[:_CASES_OFFERED])

    def begin_with(self, name: str, row: Any) -> None:
        """Begin with this mentor, house or technique."""
        field: Any = self.fields[name]
        self.initial[name] = field.show(row)

    def offer_people(self, rows: Any, *, chosen: Any = ()) -> None:
        """Offer these people as those guided, some of them chosen."""
        field: Any = self.fields["participants"]
        field.offer(rows)
        self.initial["participants"] = [str(one.public_id) for one in chosen]


def case_words(case: Any) -> str:
    """A case as a choice: day, technique, operator; never the patient."""
    return f"{day(case.performed_on)} · {case.technique.name} · {case.operator.name}"


class VersionForm(forms.Form):
    """An act on a row that names the version it saw."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class DayForm(VersionForm):
    """The day on which a posting began or ended."""

    day = DayField(label=_("Day"), widget=DateInput())


class ReasonForm(VersionForm):
    """Why."""

    reason = forms.CharField(label=_("Reason"), max_length=300)


class EvaluationForm(forms.Form):
    """What one side says of a posting."""

    rating = forms.TypedChoiceField(
        label=_("Rating"),
        coerce=int,
        choices=[(5, _("5 · very good")), (4, "4"), (3, "3"), (2, "2"), (1, _("1 · poor"))],
    )
    text = _text(_("In words"), rows=3, required=False)


class AssessmentForm(VersionForm):
    """How the sending institution assesses a posting."""

    assessment = forms.ChoiceField(label=_("Assessment"), choices=Assessment.choices)
    text = _text(
        _("What it rests on"),
        rows=3,
        help_text=_("Work done, days present, what the receiving institution says."),
    )


class DaysForm(VersionForm):
    """The days of one month on which somebody was there."""

    month = forms.DateField(widget=forms.HiddenInput)
    day = forms.MultipleChoiceField(required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        numbers = [(str(number), str(number)) for number in range(1, 32)]
        self.fields["day"].choices = numbers  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """The numbers of days as days of the month."""
        data: dict[str, Any] = super().clean() or {}
        if not self.errors:
            data["days"] = [_day(data["month"], int(number)) for number in data["day"]]
        return data


def _day(month: date, number: int) -> date:
    try:
        return month.replace(day=number)
    except ValueError:
        raise forms.ValidationError(_("This month has no such day.")) from None
