"""The booking form: on a phone in under a minute, so that most of it is chosen already."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from alliance.catalogue.models import Technique
from alliance.core.forms import MomentField

from ..choices import Every
from ..models.bookings import REPEATS_MOST
from .fields import RowField, RowsField, moment_input
from .patient import PatientForm
from .search import minutes_choices, technique_field


class BookForm(PatientForm):
    """Which devices, when, for what, by whom."""

    technique = technique_field(required=False)
    devices = RowsField(label=_("Devices to book"))
    starts_at = MomentField(label=_("Use from"), widget=moment_input())
    minutes = forms.TypedChoiceField(
        label=_("For how long"), coerce=int, choices=minutes_choices, initial=60
    )
    place = RowField(label=_("Place of use"))
    operator = RowField(label=_("Operator"))
    mentor = RowField(
        label=_("Mentor"),
        required=False,
        help_text=_("Needed where the operator may only operate under supervision."),
    )
    note = forms.CharField(
        label=_("Note"), max_length=300, required=False, help_text=_("No names of patients.")
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["technique"].rows = Technique.objects.visible_to(user).filter(is_active=True)

    def show_technique(self, technique: Technique) -> None:
        """Show its name in the search box."""
        field: Any = self.fields["technique"]
        field.show(technique)

    def offer(
        self,
        *,
        devices: Sequence[tuple[Any, Any]],
        places: Sequence[Any],
        operators: Sequence[tuple[Any, Any]],
        mentors: Sequence[tuple[Any, Any]],
    ) -> None:
        """Offer what fits the technique and the place."""
        fields: Any = self.fields
        fields["devices"].offer(devices)
        fields["place"].offer([(one, str(one)) for one in places])
        fields["operator"].offer(operators)
        fields["mentor"].offer(mentors, empty="—")

    @property
    def asked(self) -> dict[str, Any]:
        """What is booked, as the action takes it."""
        data = dict(self.values)
        minutes = data.pop("minutes")
        return {**data, "ends_at": data["starts_at"] + timedelta(minutes=minutes)}


class RepeatForm(BookForm):
    """The same again and again; each is booked, or it is said why not."""

    every = forms.ChoiceField(label=_("Repeats"), choices=Every.choices, initial=Every.WEEK)
    count = forms.IntegerField(label=_("Times"), min_value=2, max_value=REPEATS_MOST, initial=4)


class MoveForm(forms.Form):
    """To when a booking is moved; the button carries the whole moment."""

    version = forms.IntegerField()
    starts_at = forms.DateTimeField()


class ReasonForm(forms.Form):
    """Why."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.CharField(label=_("Reason"), max_length=300)


class VersionForm(forms.Form):
    """An act on a booking that names the version it saw."""

    version = forms.IntegerField(widget=forms.HiddenInput)
