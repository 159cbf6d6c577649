"""The form by which devices are given back."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from equipment.devices.choices import Condition
from training.logbook.models import Case

from ..models import Booking
from .fields import RowField

_CASES_MOST = 20


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

    def __init__(self, *args: Any, booking: Booking, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("version", booking.version)
        self.lines = list(booking.lines.all())
        for line in self.lines:
            self.fields[f"condition_{line.pk}"] = forms.ChoiceField(
                label=line.device.name,
                choices=Condition.choices,
                widget=forms.RadioSelect,
                initial=Condition.GOOD,
            )
            self.fields[f"note_{line.pk}"] = forms.CharField(
                label=_("What the next user should know"), max_length=300, required=False
            )
        cases: Any = Case.objects.visible_to(user)
        mine = cases.filter(operator=booking.operator_id, technique=booking.technique_id)
        recent = mine.select_related("technique").order_by("-performed_on", "-pk")[:_CASES_MOST]
        field: Any = self.fields["case"]
        field.offer([(one, f"{one.performed_on} · {one.technique.name}") for one in recent])

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
