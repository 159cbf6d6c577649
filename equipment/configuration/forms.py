"""Forms of the base configuration."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.core.forms import CreateForm, DateInput, DayField
from equipment.devices.models import DeviceType
from equipment.devices.selectors import active_types

from .choices import CONFIGURED_TIER_CHOICES
from .rules import MOST, OLDEST


class DraftForm(CreateForm):
    """Name and note of a draft edition."""

    name = forms.CharField(label=_("Name of the edition"), max_length=60)
    note = forms.CharField(
        label=_("Note"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )


class ItemForm(forms.Form):
    """What a tier must have of a type; the same tier and type again replaces what was asked."""

    tier = forms.ChoiceField(label=_("Tier"), choices=CONFIGURED_TIER_CHOICES)
    device_type: "forms.ModelChoiceField[DeviceType]" = forms.ModelChoiceField(
        label=_("Device type"),
        queryset=None,
        to_field_name="code",
        widget=forms.Select(attrs={"data-combobox": ""}),
    )
    minimum = forms.IntegerField(label=_("At least"), min_value=1, max_value=MOST, initial=1)
    max_age_years = forms.IntegerField(
        label=_("At most years in use"),
        required=False,
        min_value=1,
        max_value=OLDEST,
        help_text=_("Older devices do not count. Empty: of any age."),
    )
    purpose = forms.CharField(label=_("Purpose of the device"), required=False, max_length=120)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["device_type"].queryset = active_types()  # type: ignore[attr-defined]


class PublishForm(forms.Form):
    """From which day on an edition counts."""

    effective_from = DayField(
        label=_("In force from"), widget=DateInput(), initial=timezone.localdate
    )


class DayForm(forms.Form):
    """The day that a report speaks of."""

    on = DayField(label=_("As of"), required=False, widget=DateInput())
