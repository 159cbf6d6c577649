"""What a lost booking is exchanged for."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from alliance.core.forms import MomentField
from equipment.devices.models import Device

from ..models import Booking


class RebookForm(forms.Form):
    """What a booking is exchanged for: another time, or a device in place of one of its own."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    starts_at = MomentField(required=False)
    without = forms.ModelChoiceField(Device.objects.none(), required=False)
    device = forms.ModelChoiceField(Device.objects.none(), required=False)

    def __init__(self, *args: Any, booking: Booking, devices: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = [line.device_id for line in booking.lines.all()]
        for name, rows in (("without", devices.filter(pk__in=own)), ("device", devices)):
            field: Any = self.fields[name]
            field.queryset, field.to_field_name = rows, "public_id"

    def clean(self) -> dict[str, Any]:
        """Something else is asked for."""
        data: dict[str, Any] = super().clean() or {}
        if not (data.get("starts_at") or (data.get("without") and data.get("device"))):
            raise forms.ValidationError(_("Choose a time or a device that is offered."))
        return data
