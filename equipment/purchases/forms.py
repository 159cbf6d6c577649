"""Forms of purchases: the application, its files, and what each move asks for."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.core.forms import CreateForm, DateInput, DayField
from equipment.devices.models import DeviceType
from equipment.devices.selectors import active_types

from . import rules
from .choices import Move

# The application's form in the page: its files are sent with it, so that nothing typed is lost.
APPLICATION_ID = "application"
_CENT = Decimal("0.01")


def _price(label: Any, **more: Any) -> forms.DecimalField:
    return forms.DecimalField(label=label, min_value=_CENT, max_digits=12, decimal_places=2, **more)


def _quantity(label: Any) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=1, max_value=rules.MOST_DEVICES)


def _statement() -> forms.CharField:
    return forms.CharField(
        label=_("Why it is needed"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Which procedures, how many a year, who will use and keep it."),
    )


class StartForm(CreateForm):
    """Which type an institution applies for, how many, at which price and why."""

    device_type: "forms.ModelChoiceField[DeviceType]" = forms.ModelChoiceField(
        label=_("Device type"),
        queryset=None,
        to_field_name="code",
        widget=forms.Select(attrs={"data-combobox": ""}),
    )
    quantity = _quantity(_("How many"))
    unit_price = _price(_("Price of one in yuan"), required=False)
    statement = _statement()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["device_type"].queryset = active_types()  # type: ignore[attr-defined]
        self.initial.setdefault("quantity", 1)


class ApplicationForm(forms.Form):
    """What an application says, as long as it is written."""

    quantity = _quantity(_("How many"))
    unit_price = _price(_("Price of one in yuan"), required=False)
    statement = _statement()
    version = forms.IntegerField(widget=forms.HiddenInput)


class FileForm(forms.Form):
    """A file for an application; it is sent along with what the application says."""

    file = forms.FileField(label=_("File"), widget=forms.FileInput(attrs={"form": APPLICATION_ID}))


class MoveForm(forms.Form):
    """A move without anything but the version seen."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class ReasonForm(MoveForm):
    """A move that needs its reason."""

    reason = forms.CharField(
        label=_("Reason"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )


class PassOnForm(MoveForm):
    """The alliance's opinion for the third party."""

    reason = forms.CharField(
        label=_("Opinion"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class EvaluateForm(MoveForm):
    """What the third party found."""

    recommended = forms.TypedChoiceField(
        label=_("Recommendation"),
        choices=[("yes", _("Recommended")), ("no", _("Not recommended"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
        empty_value=None,
    )
    score = forms.IntegerField(
        label=_("Score"),
        min_value=0,
        max_value=rules.HIGHEST_SCORE,
        help_text=_("Need, use, cost and ability to keep it, together 0 to 100."),
    )
    reason = forms.CharField(
        label=_("What the evaluation found"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class ApproveForm(MoveForm):
    """How many are approved, at which price, with which subsidy."""

    quantity = _quantity(_("Approved number"))
    unit_price = _price(_("Price of one in yuan"))
    percent = forms.IntegerField(label=_("Subsidy in per cent"), min_value=0, max_value=100)
    reason = forms.CharField(label=_("Opinion"), required=False, max_length=1000)


class DeliverForm(MoveForm):
    """What was delivered: it comes onto the register of the institution."""

    delivered_on = DayField(label=_("Delivered on"), widget=DateInput(), initial=timezone.localdate)
    name = forms.CharField(label=_("Name or model"), max_length=100)
    maker = forms.CharField(label=_("Manufacturer"), required=False, max_length=100)
    location = forms.CharField(label=_("Location"), required=False, max_length=120)
    devices = forms.CharField(
        label=_("Asset numbers"),
        max_length=6000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_(
            "One device a line: its asset number, a blank, its serial number. Only those that have"
            " come: the rest can follow later."
        ),
    )


FORMS: dict[Move, type[MoveForm]] = {
    Move.SUBMIT: MoveForm,
    Move.PASS_ON: PassOnForm,
    Move.RETURN: ReasonForm,
    Move.EVALUATE: EvaluateForm,
    Move.APPROVE: ApproveForm,
    Move.REFUSE: ReasonForm,
    Move.DELIVER: DeliverForm,
    Move.DELIVER_PART: DeliverForm,
    Move.WRITE_OFF: ReasonForm,
    Move.TAKE_BACK: MoveForm,
    Move.GIVE_UP: ReasonForm,
}
