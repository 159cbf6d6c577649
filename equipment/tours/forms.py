"""Forms of tours; the actions decide, the forms say where it went wrong."""

from __future__ import annotations

from typing import Any

from django import forms
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from alliance.core.forms import CreateForm, LookupField, MomentField
from alliance.institutions.models import Institution
from alliance.people.models import Practitioner
from equipment.devices.choices import TypeKind
from equipment.devices.models import Device

from . import policies
from .models import PLACES_MOST, Stop, Tour


def _moment(label: Any) -> MomentField:
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    return MomentField(label=label, widget=widget)


class VehicleForm(forms.Form):
    """Which vehicle goes on tour."""

    vehicle = forms.ModelChoiceField(
        Device.objects.none(),
        label=pgettext_lazy("equipment", "Vehicle"),
        to_field_name="public_id",
        empty_label=None,
        widget=forms.Select(attrs={"data-combobox": ""}),
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["vehicle"].queryset = policies.vehicles_of(user).select_related(  # type: ignore[attr-defined]
            "type", "owner"
        )


class TourForm(CreateForm):
    """When a vehicle is away, and with what on board."""

    name = forms.CharField(
        label=pgettext_lazy("tour", "Name"),
        max_length=60,
        help_text=_("What members read, such as “Ultrasound to the eastern townships”."),
    )
    starts_at = _moment(_("Leaves"))
    ends_at = _moment(_("Is back"))
    devices = forms.ModelMultipleChoiceField(
        Device.objects.none(),
        label=_("Devices on board"),
        to_field_name="public_id",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Nobody can book them elsewhere meanwhile."),
    )
    note = forms.CharField(
        label=_("Note"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Who comes along, what patients should bring."),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(
        self, *args: Any, user: Any, vehicle: Device, tour: Tour | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        rows: Any = Device.objects.visible_to(user).standing_on(timezone.localdate())
        own = rows.filter(owner=vehicle.owner_id, type__kind=TypeKind.DEVICE)
        field: Any = self.fields["devices"]
        field.queryset = own.select_related("type").order_by("name", "asset_number")
        if tour is None:
            del self.fields["version"]
            return
        for name in ("name", "starts_at", "ends_at", "note", "version"):
            self.initial[name] = getattr(tour, name)
        lines = tour.lines.exclude(device=tour.vehicle_id)
        self.initial["devices"] = list(lines.values_list("device__public_id", flat=True))


class StopForm(CreateForm):
    """Where and when the vehicle stops, and for how many."""

    institution = LookupField(
        url=reverse_lazy("api:institution-list"),
        names=("public_id", "uscc", "name", "short_name"),
        label=_("Institution"),
    )
    starts_at = _moment(pgettext_lazy("tour", "Stop begins"))
    ends_at = _moment(pgettext_lazy("tour", "Stop ends"))
    location = forms.CharField(
        label=pgettext_lazy("tour", "Where it stands"),
        max_length=100,
        required=False,
        help_text=_("Such as: in the yard behind the outpatient building."),
    )
    capacity = forms.IntegerField(
        label=pgettext_lazy("tour", "Places"), min_value=1, max_value=PLACES_MOST, initial=20
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, user: Any, stop: Stop | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["institution"]
        field.rows = Institution.objects.visible_to(user).filter(is_active=True)
        if stop is None:
            del self.fields["version"]
            return
        for name in ("starts_at", "ends_at", "location", "capacity", "version"):
            self.initial[name] = getattr(stop, name)
        self.initial["institution"] = field.show(stop.institution)


class PlaceForm(CreateForm):
    """For whom a place is, and who sends them."""

    subject = forms.CharField(
        label=_("Patient or case"),
        max_length=60,
        help_text=_("So that you know them again; no ID number, no telephone."),
    )
    doctor = LookupField(
        url=reverse_lazy("api:practitioner-list"),
        names=("public_id", "licence_number", "name"),
        label=_("Doctor"),
        help_text=_("Of the institution of the stop; the result goes to them."),
    )
    note = forms.CharField(label=_("What is to be examined"), max_length=200, required=False)

    def __init__(self, *args: Any, user: Any, stop: Stop, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = Practitioner.objects.visible_to(user).filter(is_active=True)
        field: Any = self.fields["doctor"]
        field.rows = people
        own = getattr(user, "practitioner", None)
        if own is not None and own.institution_id == stop.institution_id:
            self.initial["doctor"] = field.show(own)


class ReasonForm(forms.Form):
    """Why it is called off."""

    reason = forms.CharField(
        label=_("Reason"), max_length=200, widget=forms.Textarea(attrs={"rows": 2})
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
