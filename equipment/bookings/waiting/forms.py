"""The form of the waiting list."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.http import HttpRequest
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.catalogue.models import Technique
from alliance.core.forms import LookupField, MomentField
from alliance.people.models import Practitioner
from equipment.devices.models import Device
from equipment.devices.selectors import active_types

from ..forms.fields import RowField, moment_input
from ..forms.patient import PatientForm
from ..forms.search import minutes_choices, technique_field
from ..persons import Persons
from ..ways import named

_OFFERED = 200


def begun(request: HttpRequest, now: datetime) -> dict[str, Any]:
    """What the address says already; else from now on for two weeks."""
    names = [
        "technique", "type", "device", "minutes", "referral_number", "operator", "mentor",
        "wanted_from", "wanted_until", "patient_search",
    ]  # fmt: skip
    said = request.POST or request.GET
    asked = {name: said[name] for name in names if name in said}
    since = timezone.localtime(now)
    window = {"wanted_from": since, "wanted_until": since + timedelta(days=14)}
    return window | asked


def _device_words(device: Device) -> str:
    """A device told from others of its name; of what cannot travel also where it is used."""
    there = _("(used there)")
    return f"{named(device)} {there}" if device.type.is_fixed else named(device)


class WaitForm(PatientForm):
    """What one waits for, within which time, for what and by whom."""

    technique = technique_field(required=False)
    device = RowField(label=_("Device"), required=False)
    type = RowField(
        label=_("Or any of a kind"),
        required=False,
        help_text=_("Whichever of the alliance's becomes free first."),
    )
    minutes = forms.TypedChoiceField(
        label=_("For how long"), coerce=int, choices=minutes_choices, initial=60
    )
    wanted_from = MomentField(label=_("Not before"), widget=moment_input())
    wanted_until = MomentField(label=_("Done by"), widget=moment_input())
    operator = RowField(label=_("Operator"))
    mentor = LookupField(
        url=reverse_lazy("api:practitioner-list"),
        names=("public_id", "licence_number", "name"),
        label=_("Mentor"),
        required=False,
        help_text=_("Needed where the operator may only operate under supervision."),
    )

    def __init__(self, *args: Any, user: Any, house: Any, persons: Persons, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer_persons(persons)
        fields: Any = self.fields
        fields["technique"].rows = Technique.objects.visible_to(user).filter(is_active=True)
        asked = fields["technique"].rows.filter(code=self.initial.get("technique", ""))
        if technique := asked.first():
            fields["technique"].show(technique)
        fields["type"].offer([(one, str(one)) for one in active_types().order_by("name")])
        shared = Device.objects.visible_to(user).filter(is_shared=True, retired_on=None)
        devices = shared.for_list().order_by("type__name", "name", "pk")[:_OFFERED]
        fields["device"].offer([(one, _device_words(one)) for one in devices])
        staff = list(Practitioner.objects.filter(institution=house, is_active=True)[:_OFFERED])
        mine = getattr(user, "practitioner_id", None)
        staff.sort(key=lambda one: (one.pk != mine, one.name))
        fields["operator"].offer([(one, one.name) for one in staff])
        fields["mentor"].rows = Practitioner.objects.visible_to(user).filter(is_active=True)

    def clean(self) -> dict[str, Any]:
        """A device or a kind is named."""
        data: dict[str, Any] = super().clean() or {}
        if not self.errors and data["device"] is None and data["type"] is None:
            self.add_error("type", _("Choose a device, or a kind of which any will do."))
        return data
