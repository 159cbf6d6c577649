"""What the numbers are asked about."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from equipment.devices.selectors import active_types

from .choices import Span
from .scope import Place


class ScopeForm(forms.Form):
    """Whose devices, how far back, and perhaps of one type only."""

    place = forms.ChoiceField(label=_("Whose devices"), required=False)
    days = forms.ChoiceField(
        label=pgettext_lazy("insights", "Period"), choices=Span.choices, required=False
    )
    type: Any = forms.ModelChoiceField(
        label=_("Device type"),
        queryset=None,
        to_field_name="code",
        required=False,
        empty_label=_("All types"),
    )

    def __init__(self, data: Any, *, places: Sequence[Place]) -> None:
        given = data.copy()
        given["place"] = given.get("place") or places[0].key
        given["days"] = given.get("days") or Span.YEAR.value
        super().__init__(given)
        self.places = places
        choices: Any = self.fields["place"]
        choices.choices = [(one.key, one.label) for one in places]
        types: Any = self.fields["type"]
        types.queryset = active_types()
