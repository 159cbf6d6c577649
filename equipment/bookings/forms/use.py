"""The form by which devices are given back."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from equipment.devices.choices import Condition

from .. import cases
from ..models import Booking
from .fields import RowField

_CASES_MOST = 20


def offer_cases(field: Any, booking: Booking, user: Any, at: Any) -> None:
    """Offer the operator's cases of the days of use."""
    rows = cases.linkable(user, booking, at=at)[:_CASES_MOST]
    field.offer([(one, cases.words(one)) for one in rows])


class CaseForm(forms.Form):
    """The case for which devices were used."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    case = RowField(label=_("Case in the logbook"))

    def __init__(self, *args: Any, booking: Booking, user: Any, at: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("version", booking.version)
        offer_cases(self.fields["case"], booking, user, at)


class CheckOutForm(forms.Form):
    """How each device is left, what was used up, and the case in the logbook if there is one."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    consumables = forms.CharField(
        label=_("Consumables"),
        max_length=500,
        required=False,
        help_text=_("What was used up, such as 2 trocars."),
    )
    remark = forms.CharField(
        label=_("Remark"), max_length=500, required=False, help_text=_("No names of patients.")
    )
    case = RowField(label=_("Case in the logbook"), required=False)

    def __init__(self, *args: Any, booking: Booking, user: Any, at: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("version", booking.version)
        self.lines = list(booking.lines.all())
        for line in self.lines:
            # Nothing is chosen beforehand: who overlooks it would say that all is well.
            self.fields[f"condition_{line.pk}"] = forms.ChoiceField(
                label=line.device.name,
                choices=Condition.choices,
                widget=forms.RadioSelect,
                help_text=_("Poor: it is out of use until its keeper has looked at it."),
            )
            self.fields[f"note_{line.pk}"] = forms.CharField(
                label=_("What the next user should know"), max_length=300, required=False
            )
        offer_cases(self.fields["case"], booking, user, at)

    @property
    def conditions(self) -> list[tuple[Any, Any]]:
        """The two fields of each device, for the page."""
        return [(self[f"condition_{one.pk}"], self[f"note_{one.pk}"]) for one in self.lines]

    @property
    def values(self) -> dict[str, Any]:
        """What is said, as the action takes it."""
        data = self.cleaned_data
        told = {
            line.device_id: (data[f"condition_{line.pk}"], data[f"note_{line.pk}"])
            for line in self.lines
        }
        kept = ("version", "consumables", "remark", "case")
        return {"conditions": told, **{name: data[name] for name in kept}}
