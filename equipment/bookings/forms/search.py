"""The search for a free time."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.catalogue.models import Technique
from alliance.core.forms import DateInput, DayField, LookupField
from alliance.institutions.models import Institution
from equipment.devices.selectors import active_types

from ..choices_search import MINUTES, Reach, Span


def minutes_words(minutes: int) -> Any:
    """A length as people say it."""
    if minutes < 60 or minutes % 30:
        return _("%(minutes)s minutes") % {"minutes": minutes}
    return _("%(hours)s h of use") % {"hours": f"{minutes / 60:g}"}


def minutes_choices() -> list[tuple[int, Any]]:
    """The lengths that a form offers."""
    return [(one, minutes_words(one)) for one in MINUTES]


def technique_field(**more: Any) -> LookupField:
    """A technique, found by name, initials or code."""
    return LookupField(
        url=reverse_lazy("api:technique-list"),
        names=("code", "name"),
        value="code",
        label=_("Technique"),
        **more,
    )


# What a search means that does not say so: a link names the technique only.
_USUAL = {"span": Span.FORTNIGHT.value, "minutes": "60", "reach": Reach.COUNTY.value}


def completed(data: QueryDict, *, may_book: bool) -> QueryDict:
    """What was asked, with what is usual where nothing is said; the form shows it.

    Who only looks has no devices at hand: they are shown those of all.
    """
    whole = data.copy()
    if not may_book and whole.get("reach") in (None, "", Reach.OWN):
        whole["reach"] = Reach.ALLIANCE
    for name, value in _USUAL.items():
        if not whole.get(name):
            whole[name] = value
    return whole


# What a link may hand on that asks for nothing by itself.
_CARRIED = frozenset({"patient", "referral_number"})
_ASKS_NOTHING = _CARRIED | {"house"}


def asks(data: QueryDict) -> bool:
    """Whether an address asks for anything; one that only hands on whom it is for does not."""
    return not _ASKS_NOTHING.issuperset(data)


def carried(data: QueryDict) -> dict[str, str]:
    """What is handed on from page to page until it is booked."""
    return {name: str(data[name]) for name in sorted(_CARRIED) if data.get(name)}


class SearchForm(forms.Form):
    """For what, when, how long, how far away."""

    house = forms.ChoiceField(
        label=_("For which institution"),
        help_text=_("You look only; it books for itself."),
        error_messages={"required": _("Choose the institution for which you look.")},
    )
    technique = technique_field(
        required=False, help_text=_("What it needs is looked for, and when that is free.")
    )
    type = forms.ChoiceField(label=_("Or a device"), required=False)
    span = forms.ChoiceField(label=_("When"), choices=Span.choices, initial=Span.FORTNIGHT)
    on = DayField(label=_("Or one day"), required=False, widget=DateInput())
    minutes = forms.TypedChoiceField(
        label=_("For how long"),
        coerce=int,
        choices=minutes_choices,
        initial=60,
    )
    # For whom it is looked for, handed on to the booking.
    patient = forms.UUIDField(required=False, widget=forms.HiddenInput)
    referral_number = forms.CharField(max_length=30, required=False, widget=forms.HiddenInput)
    reach = forms.ChoiceField(label=_("Where"), choices=Reach.choices, initial=Reach.COUNTY)

    def __init__(
        self,
        *args: Any,
        user: Any,
        may_book: bool,
        houses: Sequence[Institution] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        self._houses = {str(one.public_id): one for one in houses}
        if houses:
            fields["house"].choices = [("", "—"), *self._houses.items()]
        else:
            del fields["house"]
        fields["technique"].rows = Technique.objects.visible_to(user).filter(is_active=True)
        if not may_book:
            fields["reach"].choices = [one for one in Reach.choices if one[0] != Reach.OWN]
            fields["reach"].initial = Reach.ALLIANCE
        self._types = {str(kind.public_id): kind for kind in active_types().order_by("name")}
        fields["type"].choices = [("", "—"), *((pk, kind) for pk, kind in self._types.items())]

    def clean_on(self) -> date | None:
        """A day that is still to come, or today."""
        on: date | None = self.cleaned_data["on"]
        if on is not None and on < timezone.localdate():
            raise ValidationError(_("This day has passed: choose today or a later one."))
        return on

    def clean(self) -> dict[str, Any]:
        """A technique or a device is named."""
        data: dict[str, Any] = super().clean() or {}
        data["type"] = self._types.get(data.get("type") or "")
        data["house"] = self._houses.get(data.get("house") or "")
        if not self.errors and not (data["technique"] or data["type"]):
            self.add_error("technique", _("Name the technique, or the device."))
        return data
