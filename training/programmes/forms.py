"""Forms of programmes, enrolments and records of the past."""

from __future__ import annotations

from typing import Any

from django import forms
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from alliance.catalogue.choices import TechniqueGrade
from alliance.core.forms import CreateForm, DateInput, DayField, LookupField
from alliance.institutions.choices import Tier
from alliance.institutions.models import Department
from training.courses.models import Course
from training.exams.models import Exam, Station

from .choices import CourseVariety, ExamVariety, Need, Part, ProgrammeKind, StageKind, Standing
from .choices import Variety as Variety
from .models import Programme, Stage

_ANY = ("", "—")


def practitioner_field(label: Any, **more: Any) -> LookupField:
    """A doctor, found by name, initials or licence."""
    return LookupField(
        url=reverse_lazy("api:practitioner-list"),
        names=("public_id", "licence_number", "name"),
        label=label,
        **more,
    )


def technique_field(label: Any, **more: Any) -> LookupField:
    """A technique, found by code or name."""
    return LookupField(
        url=reverse_lazy("api:technique-list"),
        names=("code", "name"),
        value="code",
        label=label,
        **more,
    )


class ProgrammeForm(CreateForm):
    """What a programme is called and leads to."""

    name = forms.CharField(label=_("Name"), max_length=100)
    kind = forms.ChoiceField(label=_("Leads to"), choices=ProgrammeKind.choices)
    technique = technique_field(
        _("Technique"), required=False, help_text=_("For a programme that leads to a technique.")
    )
    grade = forms.ChoiceField(
        label=_("Grade"),
        choices=[_ANY, *TechniqueGrade.choices],
        required=False,
        help_text=_("For a programme that leads to the techniques of a grade."),
    )
    summary = forms.CharField(
        label=_("What it is for"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class WordsForm(forms.Form):
    """Name and summary of a programme."""

    name = forms.CharField(label=_("Name"), max_length=100)
    summary = forms.CharField(
        label=_("What it is for"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)


class StageForm(forms.Form):
    """A stage to add."""

    kind = forms.ChoiceField(label=_("Kind"), choices=StageKind.choices)
    name = forms.CharField(label=_("Name of the stage"), max_length=60)
    version = forms.IntegerField(widget=forms.HiddenInput)


class RequirementForm(forms.Form):
    """What a stage asks for."""

    stage = forms.ModelChoiceField(queryset=Stage.objects.none(), label=_("Stage"))
    kind = forms.ChoiceField(label=_("Asks for"), choices=Need.choices)
    label = forms.CharField(label=_("In words"), max_length=120)
    minimum = forms.DecimalField(
        label=_("At least"), min_value=0, max_digits=6, decimal_places=1, initial=1
    )
    course = forms.ModelChoiceField(
        queryset=Course.objects.none(), required=False, label=_("Course")
    )
    exam = forms.ModelChoiceField(queryset=Exam.objects.none(), required=False, label=_("Exam"))
    variety = forms.ChoiceField(
        label=_("Or any of"),
        required=False,
        choices=[_ANY, *CourseVariety.choices, *ExamVariety.choices],
    )
    station_code = forms.ChoiceField(label=_("Station"), required=False)
    part = forms.ChoiceField(label=_("Role"), required=False, choices=[_ANY, *Part.choices])
    technique = technique_field(
        _("Technique"),
        required=False,
        help_text=_("Empty means the technique of the programme."),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, draft: Any, user: Any, techniques: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        group = {"alliance": draft.programme.alliance_id}
        fields: dict[str, Any] = self.fields
        fields["stage"].queryset = Stage.objects.visible_to(user).filter(version=draft)
        fields["course"].queryset = Course.objects.visible_to(user).filter(**group)
        fields["exam"].queryset = Exam.objects.visible_to(user).filter(**group)
        stations = Station.objects.visible_to(user).filter(**group).order_by("order")
        fields["station_code"].choices = [_ANY, *stations.values_list("code", "name")]
        fields["technique"].rows = techniques


class PublishForm(forms.Form):
    """From when a version counts, and what is new in it."""

    effective_from = DayField(
        label=_("In force from"), widget=DateInput(), initial=timezone.localdate
    )
    note = forms.CharField(label=_("What is new"), required=False, max_length=300)
    version = forms.IntegerField(widget=forms.HiddenInput)


class EnrolForm(CreateForm):
    """Who begins which programme, under whom."""

    practitioner = practitioner_field(_("Doctor"))
    programme = forms.ModelChoiceField(queryset=Programme.objects.none(), label=_("Programme"))
    technique = technique_field(
        _("Technique"),
        required=False,
        help_text=_("Only for a programme that leads to the techniques of a grade."),
    )
    mentor = practitioner_field(_("Mentor"), required=False)
    started_on = DayField(label=_("Since"), widget=DateInput(), initial=timezone.localdate)


class MentorForm(forms.Form):
    """Who teaches somebody in a programme."""

    mentor = practitioner_field(_("Mentor"), required=False)
    version = forms.IntegerField(widget=forms.HiddenInput)


class SignForm(forms.Form):
    """A signature under a requirement."""

    on = DayField(label=_("Day"), widget=DateInput(), initial=timezone.localdate)
    note = forms.CharField(label=_("Note"), required=False, max_length=300)


class ReasonForm(forms.Form):
    """Why an enrolment ends."""

    reason = forms.CharField(label=_("Reason"), max_length=300)
    version = forms.IntegerField(widget=forms.HiddenInput)


class PriorForm(CreateForm):
    """What somebody learnt before, and the paper that proves it."""

    practitioner = practitioner_field(_("Doctor"))
    kind = forms.ChoiceField(
        label=_("What"), choices=[one for one in Need.choices if one[0] != Need.SIGN_OFF]
    )
    title = forms.CharField(
        label=pgettext_lazy("paper", "Title"),
        max_length=120,
        help_text=_("What the paper is called."),
    )
    on = DayField(label=_("Until the day"), widget=DateInput())
    amount = forms.DecimalField(
        label=_("How much"), min_value=0, max_digits=6, decimal_places=1, initial=1
    )
    technique = technique_field(
        _("Technique"), required=False, help_text=_("Needed for cases and ratings.")
    )
    part = forms.ChoiceField(label=_("Role"), required=False, choices=[_ANY, *Part.choices])
    variety = forms.ChoiceField(
        label=_("Kind of course or exam"), required=False, choices=[_ANY, *Variety.choices]
    )
    station_code = forms.ChoiceField(label=_("Station"), required=False)
    evidence = forms.FileField(
        label=_("Evidence"),
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/*,application/pdf"}),
        help_text=_("A photo or PDF of the paper. It can also be attached later."),
    )

    def __init__(self, *args: Any, stations: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found: dict[str, Any] = self.fields
        found["station_code"].choices = [_ANY, *stations.values_list("code", "name").distinct()]


class EvidenceForm(forms.Form):
    """A paper to attach."""

    evidence = forms.FileField(
        label=_("Evidence"), widget=forms.FileInput(attrs={"accept": "image/*,application/pdf"})
    )
    version = forms.IntegerField(widget=forms.HiddenInput)


class DecisionForm(forms.Form):
    """Whether a record of the past counts."""

    accepted = forms.ChoiceField(
        label=_("Decision"),
        choices=[("yes", _("Confirm: it counts")), ("no", _("Do not accept"))],
        widget=forms.RadioSelect,
    )
    note = forms.CharField(label=_("Why"), required=False, max_length=300)
    version = forms.IntegerField(widget=forms.HiddenInput)


class MatrixForm(forms.Form):
    """What to show of a hospital's matrix."""

    search = forms.CharField(label=_("Search"), required=False, max_length=50)
    department = forms.ModelChoiceField(
        queryset=Department.objects.none(),
        required=False,
        label=_("Department"),
        to_field_name="public_id",
    )
    grade = forms.ChoiceField(
        label=_("Grade"), required=False, choices=[_ANY, *TechniqueGrade.choices]
    )
    standing = forms.ChoiceField(
        label=_("How they stand"),
        required=False,
        choices=[_ANY, *(one for one in Standing.choices if one[0] != Standing.NONE)],
    )
    everything = forms.ChoiceField(
        label=_("Techniques"),
        required=False,
        choices=[("", _("Those somebody stands in")), ("true", _("All of the catalogue"))],
    )

    def __init__(self, *args: Any, institution: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found: dict[str, Any] = self.fields
        if institution is not None:
            rows = Department.objects.filter(institution=institution).order_by("code")
            found["department"].queryset = rows


class HousesForm(forms.Form):
    """What to show of the matrix of an alliance."""

    grade = forms.ChoiceField(
        label=_("Grade"), required=False, choices=[_ANY, *TechniqueGrade.choices]
    )
    tier = forms.ChoiceField(label=_("Tier"), required=False, choices=[_ANY, *Tier.choices])
    everything = forms.ChoiceField(
        label=_("Techniques"),
        required=False,
        choices=[("", _("Those somebody stands in")), ("true", _("All of the catalogue"))],
    )
