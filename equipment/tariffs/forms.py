"""Forms of the price list."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from alliance.core.forms import CreateForm, DateInput, DayField
from equipment.devices.models import Device, DeviceType
from equipment.devices.selectors import active_types

from .choices import PRICED_TIER_CHOICES, Unit


class PriceForm(CreateForm):
    """What a type or one device costs whom, from a day on."""

    device_type: "forms.ModelChoiceField[DeviceType]" = forms.ModelChoiceField(
        label=_("Device type"),
        queryset=None,
        required=False,
        to_field_name="code",
        widget=forms.Select(attrs={"data-combobox": ""}),
        help_text=_("Name a type of device or one device, not both."),
    )
    device: "forms.ModelChoiceField[Device]" = forms.ModelChoiceField(
        label=_("One device only"),
        queryset=None,
        required=False,
        to_field_name="public_id",
        widget=forms.Select(attrs={"data-combobox": ""}),
        help_text=_("Its own price comes before that of its type."),
    )
    tier = forms.ChoiceField(
        label=_("Tier of the user"),
        required=False,
        choices=[("", _("All tiers")), *PRICED_TIER_CHOICES],
    )
    unit = forms.ChoiceField(label=pgettext_lazy("price", "Paid"), choices=Unit.choices)
    amount = forms.DecimalField(
        label=_("Price in yuan"), min_value=0, max_digits=10, decimal_places=2
    )
    valid_from = DayField(label=_("In force from"), widget=DateInput(), initial=timezone.localdate)

    def __init__(self, *args: Any, devices: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["device_type"].queryset = active_types()  # type: ignore[attr-defined]
        self.fields["device"].queryset = devices  # type: ignore[attr-defined]


class EndForm(forms.Form):
    """From which day on a price counts no longer."""

    valid_until = DayField(
        label=pgettext_lazy("price", "Ends on"),
        widget=DateInput(),
        initial=timezone.localdate,
        help_text=_("From that day on it is not charged any more."),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)
