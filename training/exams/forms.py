"""Forms of exams, banks, stations and results."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from alliance.catalogue.models import Technique
from alliance.core.forms import CreateForm, DateInput, DayField, LookupField
from alliance.people.models import Practitioner

from . import rules
from .choices import ExamKind, Metric, QuestionKind, StationKind
from .models import Exam, QuestionBank, Station

_OUTSIDE = {"idempotency_key", "version"}


class RecordForm(CreateForm):
    """A form that makes a row, or changes the one whose version it names."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    @property
    def values(self) -> dict[str, Any]:
        """The cleaned values without what guards them."""
        return {name: v for name, v in self.cleaned_data.items() if name not in _OUTSIDE}

    @property
    def version_seen(self) -> int:
        """The version the form was made for; 0, which no row has, where it was taken away."""
        return self.cleaned_data.get("version") or 0


def _begin_with(form: RecordForm, row: Any) -> None:
    """Show what is stored, and the version it has."""
    for name in form.fields:
        if hasattr(row, name):
            form.initial[name] = getattr(row, name)


def technique_field(**more: Any) -> LookupField:
    """A technique of the catalogue, by code or name."""
    field = LookupField(
        label=_("Technique"),
        required=False,
        url=reverse_lazy("api:technique-list"),
        names=("code", "name"),
        value="code",
        **more,
    )
    field.rows = Technique.objects.none()
    return field


class _WithTechnique(RecordForm):
    """A form that may name a technique: `row` is what is changed, `user` who looks it up."""

    technique = technique_field()

    def __init__(self, *args: Any, user: Any, row: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["technique"]
        field.rows = Technique.objects.visible_to(user).filter(is_active=True)
        if row is not None:
            _begin_with(self, row)
            self.initial["technique"] = field.show(row.technique) if row.technique else ""


class BankForm(_WithTechnique):
    """Name of a bank, and whether exams may draw from it."""

    name = forms.CharField(label=_("Name of the bank"), max_length=60)
    technique = technique_field(help_text=_("Leave empty where it is about none in particular."))
    note = forms.CharField(label=_("Note"), max_length=200, required=False)
    is_active = forms.BooleanField(label=_("In use"), required=False, initial=True)
    field_order = ["name", "technique", "note", "is_active"]


class QuestionForm(RecordForm):
    """One question: a line for each option, the right ones by their letters."""

    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=QuestionKind.choices,
        widget=forms.RadioSelect,
        initial=QuestionKind.SINGLE,
    )
    text = forms.CharField(
        label=_("Text of the question"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )
    options = forms.CharField(
        label=_("Options"),
        required=False,
        max_length=2500,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("One a line, A first. Leave empty for right or wrong."),
    )
    answer = forms.CharField(
        label=_("Right answer"),
        max_length=20,
        help_text=_("Letters such as B or ACD; of right or wrong: A is right, B is wrong."),
    )
    explanation = forms.CharField(
        label=_("Why that is right"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Shown after the exam, beside the right answer."),
    )
    code = forms.CharField(
        label=_("Question number"),
        max_length=20,
        required=False,
        help_text=_("Left empty it gets the next one."),
    )
    is_active = forms.BooleanField(label=_("In use"), required=False, initial=True)

    def __init__(self, *args: Any, row: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if row is not None:
            _begin_with(self, row)
            self.initial["options"] = "\n".join(row.options)
            self.initial["answer"] = rules.letters(row.answer)
            self.fields["code"].required = True

    def clean_options(self) -> list[str]:
        """The lines that say something."""
        lines = [line.strip() for line in self.cleaned_data["options"].splitlines()]
        return [line for line in lines if line]

    def clean_answer(self) -> list[int]:
        """The letters as options."""
        try:
            return rules.numbers(self.cleaned_data["answer"])
        except ValueError:
            message = _now("Name the right options by their letters, such as B.")
            raise ValidationError(message) from None


class ExamForm(_WithTechnique):
    """An exam's terms; the alliance's policy gives what a new one begins with."""

    name = forms.CharField(label=_("Name of the exam"), max_length=60)
    kind = forms.ChoiceField(label=_("Kind"), choices=ExamKind.choices)
    technique = technique_field(help_text=_("Leave empty where it is about none in particular."))
    bank = forms.ModelChoiceField(
        label=_("Question bank"),
        queryset=QuestionBank.objects.none(),
        required=False,
        empty_label=_("None: held in person"),
    )
    draw_count = forms.IntegerField(
        label=_("Questions drawn"), min_value=0, max_value=500, required=False
    )
    minutes = forms.IntegerField(label=_("Minutes"), min_value=0, max_value=600, required=False)
    pass_mark = forms.IntegerField(label=_("Pass mark (%)"), min_value=1, max_value=100)
    attempts_allowed = forms.IntegerField(label=_("Attempts"), min_value=1, max_value=100)
    wait_days = forms.IntegerField(label=_("Days between attempts"), min_value=0, max_value=365)
    note = forms.CharField(
        label=_("Note"), max_length=300, required=False, help_text=_("Shown to who takes it.")
    )
    is_active = forms.BooleanField(label=_("In use"), required=False, initial=True)
    field_order = ["name", "kind", "bank", "technique"]

    def __init__(self, *args: Any, banks: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["bank"].queryset = banks  # type: ignore[attr-defined]

    def clean_draw_count(self) -> int:
        """Nothing is none."""
        return self.cleaned_data["draw_count"] or 0

    def clean_minutes(self) -> int:
        """Nothing is none."""
        return self.cleaned_data["minutes"] or 0


class StationForm(RecordForm):
    """A simulation station and what must be reached there."""

    name = forms.CharField(label=_("Name of the station"), max_length=60)
    code = forms.SlugField(
        label=_("Code"),
        max_length=30,
        help_text=_("Letters, digits and underscores; programmes name the station by it."),
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=StationKind.choices)
    metric = forms.ChoiceField(label=_("Measured in"), choices=Metric.choices)
    threshold = forms.DecimalField(label=_("To reach"), max_digits=8, decimal_places=2, min_value=0)
    source = forms.CharField(
        label=_("Source"),
        max_length=200,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    is_verified = forms.BooleanField(label=_("Source verified"), required=False)
    order = forms.IntegerField(label=_("Order"), min_value=0, max_value=1000, initial=0)
    is_active = forms.BooleanField(label=_("In use"), required=False, initial=True)

    def __init__(self, *args: Any, row: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if row is not None:
            _begin_with(self, row)
            self.initial["threshold"] = f"{row.threshold.normalize():f}"


class _AssessForm(CreateForm):
    """What every entered result says: who, when, and what proves it."""

    practitioner = LookupField(
        label=_("Practitioner"),
        url=reverse_lazy("exams:trainees"),
        names=("public_id", "licence_number", "name"),
    )
    held_on = DayField(label=_("Day"), widget=DateInput())
    note = forms.CharField(label=_("Note"), max_length=300, required=False)
    evidence = forms.FileField(
        label=_("Evidence"),
        required=False,
        help_text=_("The score sheet as PDF, JPEG or PNG, where there is one."),
    )

    def __init__(self, *args: Any, trainees: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["practitioner"]
        field.rows = trainees
        self.initial.setdefault("held_on", timezone.localdate())
        if isinstance(self.initial.get("practitioner"), Practitioner):
            self.initial["practitioner"] = field.show(self.initial["practitioner"])


class ResultForm(_AssessForm):
    """The result of an exam held in person."""

    exam = forms.ModelChoiceField(label=_("Exam"), queryset=Exam.objects.none())
    score = forms.IntegerField(label=_("Score (of 100)"), min_value=0, max_value=100)
    field_order = ["exam", "practitioner", "held_on", "score", "evidence", "note"]

    def __init__(self, *args: Any, exams: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["exam"].queryset = exams  # type: ignore[attr-defined]


class StationResultForm(_AssessForm):
    """What somebody reached at a station."""

    station = forms.ModelChoiceField(label=_("Simulation station"), queryset=Station.objects.none())
    value = forms.DecimalField(
        label=_("Measured value"),
        max_digits=8,
        decimal_places=2,
        help_text=_("Seconds, a score, or how many cases, as the station is measured."),
    )
    field_order = ["station", "practitioner", "held_on", "value", "evidence", "note"]

    def __init__(self, *args: Any, stations: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["station"].queryset = stations  # type: ignore[attr-defined]


class ReasonForm(forms.Form):
    """Why something is taken back."""

    reason = forms.CharField(label=_("Reason"), max_length=200)


class DoneForm(forms.Form):
    """When somebody was retrained, and in what."""

    done_on = DayField(label=_("Done on"), widget=DateInput())
    note = forms.CharField(label=_("What was retrained"), max_length=300)
    version = forms.IntegerField(widget=forms.HiddenInput)


class FurtherForm(CreateForm):
    """A further attempt at one of the exams that somebody has used up."""

    exam = forms.ModelChoiceField(label=_("Exam"), queryset=Exam.objects.none())
    reason = forms.CharField(label=_("Reason"), max_length=200)

    def __init__(self, *args: Any, exams: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["exam"].queryset = exams  # type: ignore[attr-defined]
