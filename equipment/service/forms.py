"""Forms of service: faults, moves of work orders, plans, records, recalls, adverse events."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django import forms
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from alliance.core.forms import CreateForm, DateInput, DayField, LookupField, MomentField
from alliance.core.policy import Cited
from alliance.core.templatetags.times import duration
from equipment.devices.choices import Condition
from equipment.devices.models import Device, DeviceType

from .choices import (
    ANNOUNCED,
    Harm,
    Move,
    OutageReason,
    PlanKind,
    RecallLevel,
    RecallOutcome,
    Symptom,
)
from .choices import Result as R

_MOMENT = "%Y-%m-%dT%H:%M"


def _text(label: Any, *, most: int, rows: int = 0, **more: Any) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows}) if rows else forms.TextInput()
    return forms.CharField(label=label, max_length=most, widget=widget, **more)


class _Moment(MomentField):
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=_MOMENT)


def _cost(label: Any) -> forms.DecimalField:
    return forms.DecimalField(
        label=label, required=False, min_value=0, max_digits=12, decimal_places=2
    )


def _paper(label: Any) -> forms.FileField:
    return forms.FileField(
        label=label, required=False, help_text=_("PDF, JPEG or PNG, up to 20 MB.")
    )


class FaultForm(CreateForm):
    """What is wrong with a device: one tap, and words or a photograph if there is time."""

    symptom = forms.ChoiceField(
        label=_("What is wrong with it"),
        choices=Symptom.choices,
        required=False,
        widget=forms.RadioSelect,
    )
    description = _text(
        _("In your own words"),
        most=400,
        rows=2,
        required=False,
        help_text=_("Not needed where one of the above says it."),
    )
    is_usable = forms.ChoiceField(
        label=_("Can it still be used?"),
        choices=[("no", _("No: take it out of use")), ("yes", _("Yes, with care"))],
        initial="no",
        widget=forms.RadioSelect,
    )
    photo = forms.FileField(
        label=_("Photograph"),
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/*", "capture": "environment"}),
        help_text=_("JPEG, PNG or PDF, up to 20 MB; not needed."),
    )

    def clean_is_usable(self) -> bool:
        """Whether it may go on being used."""
        return bool(self.cleaned_data["is_usable"] == "yes")

    def clean(self) -> dict[str, Any]:
        """What was tapped, then what was written; one of them at least."""
        data: dict[str, Any] = super().clean() or {}
        tapped, written = data.pop("symptom", ""), data.get("description", "").strip()
        words = [str(Symptom(tapped).label)] if tapped else []
        data["description"] = "；".join([*words, *([written] if written else [])])
        if not data["description"]:
            self.add_error("symptom", _("Tap what fits best, or say it in your own words."))
        return data


class MoveForm(forms.Form):
    """A move without anything but the version seen."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, technicians: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.technicians = technicians


class ReasonForm(MoveForm):
    """A move that needs its reason."""

    reason = _text(_("Reason"), most=500, rows=3)


class NoteForm(MoveForm):
    """Something worth knowing about the repair, with its paper if there is one."""

    reason = _text(_("Note"), most=500, rows=3)
    file = _paper(_("Bill, certificate or photograph"))


class StartForm(MoveForm):
    """The repair begins; when the device should be back."""

    expected_on = DayField(label=_("Expected back on"), required=False, widget=DateInput())


class AssignForm(StartForm):
    """Who repairs it: a colleague or a company."""

    field_order = ["assigned_to", "vendor", "expected_on"]
    assigned_to: Any = forms.ModelChoiceField(
        label=_("Technician of the house"), required=False, queryset=None
    )
    vendor = _text(_("Repair company"), most=100, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["assigned_to"]
        field.queryset = self.technicians
        field.label_from_instance = lambda user: user.name


class TestForm(MoveForm):
    """What was done, and what it cost."""

    work_done = _text(_("What was done"), most=500, rows=3)
    parts_cost = _cost(_("Parts in yuan"))
    labour_cost = _cost(_("Labour in yuan"))
    file = _paper(_("Bill, certificate or photograph"))


class ReturnForm(MoveForm):
    """How the device is, now that it goes back to those who use it."""

    condition = forms.ChoiceField(
        label=_("Condition"), choices=Condition.choices, widget=forms.RadioSelect
    )
    condition_note = _text(
        _("Remark on the condition"),
        most=300,
        required=False,
        help_text=_("The next user sees it."),
    )
    file = _paper(_("Certificate or photograph"))


FORMS: dict[Move, type[MoveForm]] = {
    Move.ASSIGN: AssignForm,
    Move.START: StartForm,
    Move.TEST: TestForm,
    Move.FAIL: ReasonForm,
    Move.RETURN: ReturnForm,
    Move.STOP: ReasonForm,
    Move.NOTE: NoteForm,
    Move.RETIRE: ReasonForm,
    Move.CANCEL: ReasonForm,
    Move.REOPEN: ReasonForm,
}


class PlanForm(forms.Form):
    """A check that comes round."""

    kind = forms.ChoiceField(label=_("Kind"), choices=PlanKind.choices)
    name = _text(
        _("What is done"), most=100, help_text=_("For example: calibration of the pressure gauge.")
    )
    months = forms.IntegerField(
        label=_("Every so many months"), min_value=1, max_value=120, initial=12
    )
    first_due_on = DayField(label=_("First due on"), widget=DateInput())
    stops_use = forms.BooleanField(
        label=_("Out of use when overdue"),
        required=False,
        initial=True,
        help_text=_("From the day after, the device cannot be booked until the check is done."),
    )
    agency = _text(_("Carried out by"), most=100, required=False)
    note = _text(_("Note"), most=300, required=False)


class NewPlanForm(CreateForm, PlanForm):
    """A plan for one device."""

    device = LookupField(
        label=_("Device"),
        url=reverse_lazy("api:device-list"),
        names=("public_id", "asset_number"),
        help_text=_("Name or asset number."),
    )
    field_order = ["device"]

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["device"]
        field.rows = Device.objects.visible_to(user).kept_by(user)


class EditPlanForm(PlanForm):
    """Changes to a plan."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class EndForm(forms.Form):
    """Why something is ended or taken back."""

    reason = _text(_("Reason"), most=300, rows=2)
    version = forms.IntegerField(widget=forms.HiddenInput)


class VoidForm(forms.Form):
    """Why a record is taken back."""

    reason = _text(_("Reason"), most=300, rows=2)


class RecordForm(CreateForm):
    """A calibration or maintenance that was done."""

    done_on = DayField(label=_("Done on"), widget=DateInput(), initial=timezone.localdate)
    result = forms.ChoiceField(label=_("Result"), choices=R.choices)
    certificate_number = _text(_("Certificate number"), most=60, required=False)
    valid_until = DayField(
        label=_("Certificate valid until"),
        required=False,
        widget=DateInput(),
        help_text=_("Its last day. Empty: the plan's months count."),
    )
    agency = _text(_("Carried out by"), most=100, required=False)
    cost = _cost(_("Cost in yuan"))
    note = _text(_("Note"), most=300, required=False)
    file = _paper(_("Certificate"))


class OutageForm(CreateForm):
    """A time in which a device will be down."""

    reason = forms.ChoiceField(
        label=_("Kind"), choices=[(one.value, one.label) for one in map(OutageReason, ANNOUNCED)]
    )
    starts_at = _Moment(label=_("Begins at"))
    ends_at = _Moment(
        label=_("Ends at"),
        required=False,
        help_text=_("Empty: until you bring it back."),
    )
    note = _text(
        _("Explanation"), most=300, help_text=_("People who booked the device will read it.")
    )


class RecallForm(CreateForm):
    """A maker's recall: what it says, and which devices are meant."""

    title = _text(_("Name of the recall"), most=120)
    level = forms.ChoiceField(
        label=pgettext_lazy("recall", "Class"),
        choices=RecallLevel.choices,
        widget=forms.RadioSelect,
    )
    reference = _text(_("Number or source of the notice"), most=200)
    published_on = DayField(label=_("Published on"), widget=DateInput())
    maker = _text(_("Manufacturer"), most=100, required=False)
    type = LookupField(
        label=_("Device type"),
        url=reverse_lazy("api:device-type-list"),
        value="code",
        names=("code", "name"),
        required=False,
    )
    model = _text(_("Words in the name or model"), most=100, required=False)
    udi = _text(_("UDI begins with"), most=120, required=False)
    serials = _text(
        _("Serial numbers"),
        most=20_000,
        rows=3,
        required=False,
        help_text=_("One a line. Empty: all of them."),
    )
    instruction = _text(_("What to do"), most=500, rows=2, required=False)
    stops_use = forms.BooleanField(
        label=_("Out of use until dealt with"), required=False, initial=True
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["type"]
        field.rows = DeviceType.objects.visible_to(user)


class HandleForm(forms.Form):
    """What became of a recalled device."""

    outcome = forms.ChoiceField(
        label=_("What became of it"), choices=RecallOutcome.choices, widget=forms.RadioSelect
    )
    note = _text(_("What was done"), most=300, rows=2)


class EventForm(CreateForm):
    """What a device did to people. No patient is named."""

    # Nothing is chosen beforehand: who overlooks it would report a death.
    harm = forms.ChoiceField(
        label=pgettext_lazy("adverse event", "Harm"), choices=Harm.choices, widget=forms.RadioSelect
    )
    happened_at = _Moment(label=_("Happened"))
    known_at = _Moment(
        label=_("Learned of"), help_text=_("The time to report runs from this moment.")
    )
    description = _text(_("What happened"), most=1000, rows=4, help_text=_("Name no patient."))
    measures = _text(_("What was done"), most=500, rows=2, required=False)
    keep_out = forms.BooleanField(
        label=_("Keep the device out of use for the inquiry"), required=False, initial=True
    )

    def __init__(self, *args: Any, clocks: Mapping[str, Cited], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        harm: Any = self.fields["harm"]
        words = _("%(harm)s · report within %(time)s")
        harm.choices = [
            (one, words % {"harm": label, "time": duration(timedelta(hours=clocks[one].value))})
            for one, label in Harm.choices
        ]
        if not all(clock.is_verified for clock in clocks.values()):
            harm.help_text = _(
                "The times told here are starting values, not verified: go by what your local"
                " authority asks for."
            )


class AmendForm(forms.Form):
    """What happened, said better."""

    harm = forms.ChoiceField(label=pgettext_lazy("adverse event", "Harm"), choices=Harm.choices)
    description = _text(_("What happened"), most=1000, rows=4)
    measures = _text(_("What was done"), most=500, rows=2, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput)


class ReportForm(forms.Form):
    """The national system has the report."""

    reported_at = _Moment(label=pgettext_lazy("adverse event", "Reported at"))
    number = _text(_("Report number"), most=60)
    version = forms.IntegerField(widget=forms.HiddenInput)


class CloseForm(forms.Form):
    """What the inquiry found."""

    conclusion = _text(_("Conclusion of the inquiry"), most=1000, rows=3)
    version = forms.IntegerField(widget=forms.HiddenInput)


class PeriodForm(forms.Form):
    """Over which time figures are counted, and of which institution."""

    DAYS = 365
    days = forms.ChoiceField(
        label=_("Time span"),
        required=False,
        choices=[("365", _("A year")), ("90", _("90 days")), ("30", _("30 days"))],
    )
    institution = forms.UUIDField(required=False, widget=forms.HiddenInput)
