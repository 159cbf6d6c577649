"""The booking form: on a phone in under a minute, so that most of it is chosen already."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from alliance.catalogue.models import Technique
from alliance.core.forms import CreateForm, MomentField

from ..choices import Every
from ..models.bookings import REPEATS_MOST
from .search import minutes_choices, technique_field


def moment_input() -> forms.DateTimeInput:
    """The browser's own picker of a day and a time."""
    return forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")


class RowField(forms.ChoiceField):
    """One row of those offered, by its public id; `offer` says which, with what words."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.rows: dict[str, Any] = {}

    def offer(self, rows: Iterable[tuple[Any, Any]], *, empty: Any = "") -> None:
        """Offer these rows with their words."""
        pairs = list(rows)
        self.rows = {str(row.public_id): row for row, _words in pairs}
        blank = [("", empty)] if empty or not self.required else []
        self.choices = [*blank, *((str(row.public_id), words) for row, words in pairs)]

    def clean(self, value: Any) -> Any:
        """The row; None where nothing was chosen and nothing need be."""
        return self.rows.get(super().clean(value))


class RowsField(forms.MultipleChoiceField):
    """Several rows of those offered, by their public ids."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.CheckboxSelectMultiple, **kwargs)
        self.rows: dict[str, Any] = {}

    def offer(self, rows: Iterable[tuple[Any, Any]]) -> None:
        """Offer these rows with their words."""
        pairs = list(rows)
        self.rows = {str(row.public_id): row for row, _words in pairs}
        self.choices = [(str(row.public_id), words) for row, words in pairs]

    def clean(self, value: Any) -> Any:
        """The rows, in the order in which they were offered."""
        chosen = set(super().clean(value))
        return [row for pk, row in self.rows.items() if pk in chosen]


class BookForm(CreateForm):
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
    referral_number = forms.CharField(
        label=_("Number of the referral"), max_length=30, required=False
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


class ReasonForm(forms.Form):
    """Why."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.CharField(label=_("Reason"), max_length=300)


class VersionForm(forms.Form):
    """An act on a booking that names the version it saw."""

    version = forms.IntegerField(widget=forms.HiddenInput)
