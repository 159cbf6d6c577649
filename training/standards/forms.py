"""Forms of admissions: the application's answers, and what each move asks for."""

from typing import Any

from django import forms
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.catalogue.models import Technique
from alliance.core.forms import CreateForm, DateInput, DayField, LookupField

from . import rules
from .actions import Answer
from .choices import Move, StopCondition


class ApplyForm(CreateForm):
    """Which technique an institution applies for."""

    technique = LookupField(
        label=_("Technique"),
        url=reverse_lazy("api:technique-list"),
        value="code",
        names=("code", "name"),
        help_text=_("Name, pinyin initials or code."),
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["technique"].rows = Technique.objects.visible_to(user)  # type: ignore[attr-defined]


class ApplicationForm(forms.Form):
    """What an institution says about each requirement; two fields for each."""

    statement = forms.CharField(
        label=_("Statement"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Why the institution wants to do it, and how it will keep it safe."),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, rows: list[dict[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows = rows
        for row in rows:
            answer = row["answer"]
            self.fields[f"value_{answer.pk}"] = forms.IntegerField(
                label=_("We have"),
                required=False,
                min_value=0,
                max_value=10_000_000,
                initial=answer.value,
            )
            self.fields[f"proof_{answer.pk}"] = forms.CharField(
                label=_("Evidence"), required=False, max_length=300, initial=answer.proof
            )

    @property
    def answer_rows(self) -> list[dict[str, Any]]:
        """Each requirement with its two fields."""
        return [
            {
                **row,
                "value": self[f"value_{row['answer'].pk}"],
                "proof": self[f"proof_{row['answer'].pk}"],
            }
            for row in self.rows
        ]

    @property
    def answers(self) -> dict[int, Answer]:
        """What the action takes."""
        keys = [row["answer"].pk for row in self.rows]
        data = self.cleaned_data
        return {pk: Answer(data[f"value_{pk}"], data[f"proof_{pk}"]) for pk in keys}


class MoveForm(forms.Form):
    """A move without anything but the version seen."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, months: int = 0, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.months = months


class ReasonForm(MoveForm):
    """A move that needs its reason."""

    reason = forms.CharField(
        label=_("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 3})
    )


class AdmitForm(MoveForm):
    """From when to when an admission counts, and under which conditions."""

    valid_from = DayField(label=_("Counts from"), widget=DateInput())
    valid_until = DayField(
        label=_("Until"),
        required=False,
        widget=DateInput(),
        help_text=_("The first day on which it no longer counts."),
    )
    conditions = forms.CharField(
        label=_("Conditions"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Needed where a requirement is not met."),
    )
    reason = forms.CharField(label=_("Opinion"), required=False, max_length=300)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        today = timezone.localdate()
        self.initial.setdefault("valid_from", today)
        self.initial.setdefault("valid_until", rules.months_later(today, self.months))


class SuspendForm(ReasonForm):
    """What stops a technique, and for how long."""

    field_order = ["stop_condition", "reason", "valid_from", "valid_until"]
    stop_condition = forms.ChoiceField(label=_("Stop condition"), choices=StopCondition.choices)
    valid_from = DayField(label=_("From"), widget=DateInput(), initial=timezone.localdate)
    valid_until = DayField(
        label=_("Until"),
        required=False,
        widget=DateInput(),
        help_text=_("Empty: until it is restored."),
    )


class FirstUseForm(MoveForm):
    """When the technique was first used."""

    first_used_on = DayField(
        label=_("First used on"), widget=DateInput(), initial=timezone.localdate
    )


class FileForm(MoveForm):
    """When a restricted technique was filed, and under which number."""

    filed_on = DayField(label=_("Filed on"), widget=DateInput(), initial=timezone.localdate)
    filing_number = forms.CharField(label=_("Filing number"), max_length=60)


FORMS: dict[Move, type[MoveForm]] = {
    Move.SUBMIT: MoveForm,
    Move.ADMIT: AdmitForm,
    Move.RETURN: ReasonForm,
    Move.REFUSE: ReasonForm,
    Move.TAKE_BACK: MoveForm,
    Move.WITHDRAW: ReasonForm,
    Move.SUSPEND: SuspendForm,
    Move.RESTORE: ReasonForm,
    Move.FIRST_USE: FirstUseForm,
    Move.FILE: FileForm,
}
