"""Forms of moves: one definition of each field serves pages and API alike."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.institutions.choices import Direction
from alliance.institutions.models import Department, Institution
from alliance.institutions.selectors import receivers_for
from alliance.patients.choices import ConsentMethod
from alliance.people.models import Practitioner

from . import selectors
from .choices import Move, Outcome
from .filed import filed
from .forms_papers import paper_fields, papers_of
from .models import Referral
from .workflow import STRUCTURED, Transition

LONG = 4000


def _text(label: Any, *, rows: int = 3, help_text: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=LONG,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": rows}),
    )


def _moment(label: Any) -> forms.DateTimeField:
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    return forms.DateTimeField(label=label, widget=widget)


def _reason_code(row: Transition, referral: Referral) -> forms.Field:
    codes = selectors.reason_codes(row.move, on=timezone.localdate())
    choices = [("", _("Choose a reason")), *((code.code, code.label) for code in codes)]
    return forms.ChoiceField(label=_("Reason"), choices=choices)


def _receiver(row: Transition, referral: Referral) -> forms.Field:
    """Where to: from the holder of the patient for a way back, from the sender for a redirect."""
    today = timezone.localdate()
    if row.move == Move.REFER_BACK:
        house = filed(referral.receiver_id)
        places = receivers_for(sender_id=house, on=today, direction=Direction.DOWN)
        if referral.direction == Direction.LATERAL:  # a peer may get the patient back too
            peers = receivers_for(sender_id=house, on=today, direction=Direction.LATERAL)
            places |= peers.filter(pk=referral.sender_id)
    else:
        places = receivers_for(sender_id=referral.sender_id, on=today).exclude(
            pk__in=[referral.sender_id, referral.receiver_id]
        )
    initial = referral.sender if row.move == Move.REFER_BACK else None
    return forms.ModelChoiceField(
        Institution.objects.filter(pk__in=places.values("pk")).order_by("tier", "name"),
        label=_("Receiving institution"),
        to_field_name="public_id",
        initial=initial.public_id if initial else None,
    )


def _department(row: Transition, referral: Referral) -> forms.Field:
    departments = Department.objects.filter(is_active=True)
    if row.move == Move.ACCEPT:
        departments = departments.filter(institution_id=referral.receiver_id)
    return forms.ModelChoiceField(
        departments.select_related("institution"),
        label=_("Department"),
        to_field_name="public_id",
        widget=forms.Select if row.move == Move.ACCEPT else forms.HiddenInput,
    )


def _practitioner(row: Transition, referral: Referral) -> forms.Field:
    staff = Practitioner.objects.filter(institution_id=filed(referral.receiver_id), is_active=True)
    return forms.ModelChoiceField(
        staff.order_by("pinyin"), label=_("Receiving doctor"), to_field_name="public_id"
    )


_MAKERS: dict[str, Any] = {
    "reason_code": _reason_code,
    "receiver": _receiver,
    "department": _department,
    "practitioner": _practitioner,
    "reason": lambda row, referral: _text(_("Explanation"), rows=2),
    "question": lambda row, referral: _text(_("Question")),
    "answer": lambda row, referral: _text(_("Answer")),
    "at": lambda row, referral: _moment(_("Time")),
    "expected_at": lambda row, referral: _moment(_("Expected arrival")),
    "place": lambda row, referral: forms.CharField(label=_("Place"), max_length=100),
    "escort": lambda row, referral: forms.CharField(label=_("Escort"), max_length=100),
    "note": lambda row, referral: _text(_("Note"), rows=2),
    "outcome": lambda row, referral: forms.ChoiceField(
        label=_("Outcome"), choices=[("", _("Choose")), *Outcome.choices]
    ),
    "summary": lambda row, referral: _text(_("Summary of care")),
    "diagnosis_result": lambda row, referral: _text(_("Diagnosis result"), rows=2),
    "inpatient_number": lambda row, referral: forms.CharField(
        label=_("Inpatient record number"), max_length=30
    ),
    "main_results": lambda row, referral: _text(_("Main examination results")),
    "treatment": lambda row, referral: _text(_("Treatment given")),
    "stability": lambda row, referral: _text(_("Stability"), rows=2),
    "plan": lambda row, referral: _text(_("Next treatment and rehabilitation advice")),
    "next_on": lambda row, referral: forms.DateField(
        label=_("Next follow-up"), widget=forms.DateInput(attrs={"type": "date"})
    ),
    "consent_method": lambda row, referral: forms.ChoiceField(
        label=_("Consent of the patient"),
        choices=[("", "—"), *ConsentMethod.choices],
        help_text=_(
            "Not asked for when the patient goes back to the institution that sent them, which has"
            " the record already. Any other place is new to it: say how the patient agreed."
        ),
    ),
}
# What the form of a move begins with, where the referral says it already.
_SAID_ALREADY = ("diagnosis_result", "inpatient_number", "main_results", "stability")


class MoveForm(forms.Form):
    """The fields of one move, built from its row of the table.

    `with_papers` brings the fields of the referral's own form too; the API sends them as one
    structure instead.
    """

    def __init__(
        self,
        row: Transition,
        referral: Referral,
        data: Any = None,
        *,
        with_papers: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(data, **kwargs)
        self.row, self.referral = row, referral
        self.papers = paper_fields(row, referral, data) if with_papers else {}
        self.fields.update(self.papers)
        for name in _SAID_ALREADY:
            self.initial.setdefault(name, getattr(referral, name))
        for name in (*row.required, *row.optional):
            if name not in STRUCTURED:
                field = _MAKERS[name](row, referral)
                field.required = name in row.required
                self.fields[name] = field

    def move_data(self) -> dict[str, Any]:
        """What the action takes: the filled fields."""
        data = {
            name: value
            for name, value in self.cleaned_data.items()
            if name not in self.papers and value not in (None, "")
        }
        if self.papers:
            typed = {name: self.cleaned_data.get(name) for name in self.papers}
            data |= papers_of(self.row, typed)
        return data
