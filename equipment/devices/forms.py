"""Forms of devices; the actions decide, the forms say where it went wrong."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from alliance.catalogue.models import Technique
from alliance.core.forms import CreateForm, DateInput, DayField, LookupField
from alliance.institutions.models import Department, Institution

from . import policies, rules
from .choices import Condition, Need, Retirement, TypeKind
from .models import Device, DeviceType


def _words(name: str, **more: Any) -> forms.CharField:
    """A text field as the column says."""
    field: Any = Device._meta.get_field(name)
    more = {"label": field.verbose_name, "required": not field.blank} | more
    return forms.CharField(max_length=field.max_length, **more)


def _pick(rows: Any, label: Any, **more: Any) -> Any:
    """One of some rows, by its public id; scripts make it a search box."""
    widget = forms.Select(attrs={"data-combobox": ""})
    return forms.ModelChoiceField(
        rows, label=label, to_field_name="public_id", widget=widget, **more
    )


def _begin(form: forms.Form, name: str, institution_id: int | None) -> None:
    """Begin with an institution among those offered, else with the only one."""
    field: Any = form.fields[name]
    offered = {house.pk: house.public_id for house in field.queryset}
    only = next(iter(offered.values())) if len(offered) == 1 else None
    form.initial[name] = offered.get(institution_id, only)


class DeviceForm(CreateForm):
    """What the register says of a device."""

    owner = _pick(Institution.objects.none(), _("Owning institution"))
    type = _pick(DeviceType.objects.none(), _("Device type"))
    name = _words("name", help_text=_("As it stands on the device, with its model."))
    asset_number = _words("asset_number", help_text=_("The number of your own books."))
    maker = _words("maker")
    serial_number = _words("serial_number")
    udi = _words("udi", help_text=_("From the label of the maker; scan it or type it."))
    department = _pick(Department.objects.none(), _("Department"), required=False)
    location = _words("location", help_text=_("Building, floor, room."))
    price = forms.DecimalField(
        label=_("Price in yuan"), required=False, min_value=0, max_digits=14, decimal_places=2
    )
    purchased_on = DayField(label=_("Bought on"), required=False, widget=DateInput())
    in_use_from = DayField(label=_("In use from"), widget=DateInput())
    life_ends_on = DayField(
        label=_("Expected life ends on"),
        required=False,
        widget=DateInput(),
        help_text=_("Left empty, as is usual for the type."),
    )
    statutory_on = DayField(
        label=_("Last statutory calibration on"),
        required=False,
        widget=DateInput(),
        help_text=_("Of a used device that is new here: its next one is due from that day."),
    )
    preventive_on = DayField(
        label=_("Last preventive maintenance on"), required=False, widget=DateInput()
    )
    condition = forms.ChoiceField(label=_("Condition"), choices=Condition.choices)
    condition_note = _words("condition_note", help_text=_("The next user sees it."))
    is_shared = forms.BooleanField(
        label=_("Shared with the alliance"),
        required=False,
        help_text=_("Other members see it and may book it."),
    )
    needs_approval = forms.BooleanField(
        label=_("Bookings need the keeper's approval"), required=False
    )
    setup_minutes = forms.IntegerField(
        label=_("Minutes to set up"),
        required=False,
        min_value=0,
        max_value=1440,
        help_text=_("Left empty, as is usual for the type."),
    )
    cleaning_minutes = forms.IntegerField(
        label=_("Minutes to clean"), required=False, min_value=0, max_value=1440
    )
    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    BASICS = ("owner", "type", "name", "asset_number")
    ABOUT = ("maker", "serial_number", "udi", "price", "purchased_on", "in_use_from",
             "life_ends_on", "statutory_on", "preventive_on")  # fmt: skip
    PLACE = ("department", "location", "condition", "condition_note")
    SHARING = ("is_shared", "needs_approval", "setup_minutes", "cleaning_minutes")

    def __init__(self, *args: Any, user: Any, device: Device | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        houses = [device.owner_id] if device else policies.houses_kept(user)
        if device is None:
            mine = Institution.objects.visible_to(user).filter(pk__in=houses)
            self._offer("owner", mine)
            self.initial["condition"] = Condition.GOOD
        else:
            for name in ("owner", *rules.LAST_DONE):
                del self.fields[name]
            self.initial.update(
                {name: getattr(device, name) for name in self.fields if hasattr(device, name)}
            )
            self.initial["type"] = device.type.public_id
            self.initial["department"] = device.department and device.department.public_id
        types = DeviceType.objects.visible_to(user)
        self._offer("type", types.filter(is_active=True) | types.filter(devices=device))
        rooms = Department.objects.visible_to(user).filter(institution__in=houses, is_active=True)
        self._offer("department", rooms.order_by("code"))

    def begin_at(self, institution_id: int | None) -> None:
        """Begin at the institution where the user acts, else at the only one."""
        _begin(self, "owner", institution_id)

    def _offer(self, name: str, rows: Any) -> None:
        field: Any = self.fields[name]
        field.queryset = rows.distinct()

    def section(self, names: tuple[str, ...]) -> list[Any]:
        """The fields of a section that this form has."""
        return [self[name] for name in names if name in self.fields]

    @property
    def sections(self) -> list[tuple[Any, list[Any]]]:
        """The fields by what they are about."""
        return [
            (_("What it is"), self.section(self.BASICS)),
            (_("Maker and life"), self.section(self.ABOUT)),
            (_("Where it stands, and how it is"), self.section(self.PLACE)),
            (_("Sharing"), self.section(self.SHARING)),
        ]


class MoveForm(forms.Form):
    """Where a device stands now."""

    location = _words("location", required=True)
    department = _pick(Department.objects.none(), _("Department"), required=False)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, device: Device, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs | {"prefix": "move"})
        rooms = Department.objects.visible_to(user).filter(institution=device.owner_id)
        field: Any = self.fields["department"]
        field.queryset = rooms.filter(is_active=True).order_by("code")
        self.initial = {
            "location": device.location,
            "department": device.department and device.department.public_id,
            "version": device.version,
        }


class RetireForm(forms.Form):
    """Why and when a device leaves the register."""

    retirement = forms.ChoiceField(
        label=_("Reason"),
        choices=[pair for pair in Retirement.choices if pair[0] != Retirement.GIVEN],
    )
    on = DayField(label=_("Leaves the register on"), widget=DateInput())
    note = forms.CharField(
        label=_("Remark"),
        required=False,
        max_length=300,
        help_text=_("What becomes of it: scrapped, returned, looked for."),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, device: Device, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs | {"prefix": "retire"})
        self.initial = {"on": timezone.localdate(), "version": device.version}


class PutBackForm(forms.Form):
    """Why a retirement was a mistake."""

    reason = forms.CharField(label=_("Why it was a mistake"), max_length=300)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, device: Device, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs | {"prefix": "back"})
        self.initial = {"version": device.version}


class GiveForm(forms.Form):
    """To whom a device is given, and its number there."""

    to = LookupField(
        url=reverse_lazy("api:institution-list"),
        names=("public_id", "uscc", "name", "short_name"),
        label=_("To which institution"),
    )
    asset_number = forms.CharField(label=_("Asset number there"), max_length=40)
    on = DayField(label=_("Handed over on"), widget=DateInput())
    note = forms.CharField(label=_("Remark"), required=False, max_length=300)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, device: Device, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs | {"prefix": "give"})
        houses = Institution.objects.visible_to(user).filter(is_active=True)
        self.fields["to"].rows = houses  # type: ignore[attr-defined]
        self.initial = {
            "asset_number": device.asset_number,
            "on": timezone.localdate(),
            "version": device.version,
        }


class FileForm(forms.Form):
    """A manual, certificate or picture."""

    file = forms.FileField(label=_("File"))


class TypeForm(CreateForm):
    """A type of device and what is usual for it."""

    code = forms.CharField(
        label=_("Code"), max_length=30, help_text=_("Your own; Excel files name the type by it.")
    )
    name = forms.CharField(label=_("Name of the type"), max_length=100)
    kind = forms.ChoiceField(label=_("Kind"), choices=TypeKind.choices)
    category_code = forms.CharField(
        label=_("Classification code"),
        required=False,
        max_length=20,
        help_text=_("Of the national classification of medical devices."),
    )
    family = forms.CharField(
        label=_("Family"),
        required=False,
        max_length=30,
        help_text=_("Types of one family stand in for each other where a technique needs them."),
    )
    is_high_end = forms.BooleanField(label=_("High-end"), required=False)
    is_fixed = forms.BooleanField(
        label=_("Stays where it stands"),
        required=False,
        help_text=_("Rooms and large devices: they are used at their owner's only."),
    )
    life_years = forms.IntegerField(
        label=_("Expected life in years"), min_value=1, max_value=60, initial=8
    )
    setup_minutes = forms.IntegerField(
        label=_("Minutes to set up"), min_value=0, max_value=1440, initial=15
    )
    cleaning_minutes = forms.IntegerField(
        label=_("Minutes to clean"), min_value=0, max_value=1440, initial=30
    )
    statutory_months = forms.IntegerField(
        label=_("Months between statutory calibrations"),
        min_value=1,
        max_value=120,
        required=False,
        help_text=_("New devices are planned such a check. Empty: none."),
    )
    preventive_months = forms.IntegerField(
        label=_("Months between preventive maintenance"),
        min_value=1,
        max_value=120,
        required=False,
        help_text=_("New devices are planned such a check. Empty: none."),
    )
    upkeep_source = forms.CharField(
        label=_("Source of these months"), required=False, max_length=200
    )
    source = forms.CharField(
        label=_("Source"),
        required=False,
        max_length=200,
        help_text=_(
            "Where code and years are from. Starter values say “未核实” until you have checked them."
        ),
    )
    is_active = forms.BooleanField(
        label=_("Active"),
        required=False,
        initial=True,
        help_text=_("No new devices of a type that is not active; those there are stay."),
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)


class NeedForm(forms.Form):
    """A technique that needs a type of device, or is helped by it."""

    technique = LookupField(
        label=_("Technique"),
        url=reverse_lazy("api:technique-list"),
        value="code",
        names=("code", "name"),
        help_text=_("Name, pinyin initials or code."),
    )
    need = forms.ChoiceField(label=_("Need"), choices=Need.choices)

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs | {"prefix": "need"})
        self.fields["technique"].rows = Technique.objects.visible_to(user)  # type: ignore[attr-defined]


class StocktakeForm(CreateForm):
    """Which institution counts its devices."""

    institution = _pick(Institution.objects.none(), _("Institution"))
    name = forms.CharField(label=_("Name of the stock-take"), max_length=60)

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mine = Institution.objects.visible_to(user).filter(pk__in=policies.houses_kept(user))
        self.fields["institution"].queryset = mine  # type: ignore[attr-defined]

    def begin_at(self, institution_id: int | None, on: date) -> None:
        """Begin at the institution where the user acts, and name it by the day."""
        _begin(self, "institution", institution_id)
        self.initial["name"] = _("Stock-take of %(day)s") % {"day": date_format(on, "DATE_FORMAT")}


class ScanForm(forms.Form):
    """A device that stands here: its label, or any of its numbers."""

    number = forms.CharField(
        label=_("Asset number or label"),
        max_length=300,
        help_text=_(
            "Type it or use a handheld scanner. Or scan the label with the phone's own camera and"
            " tap “Found” on the page it opens."
        ),
        widget=forms.TextInput(
            attrs={
                "autofocus": True,
                "autocomplete": "off",
                "enterkeyhint": "done",
                "data-scan": "",
            }
        ),
    )
    location = forms.CharField(
        label=_("Where it stands"),
        required=False,
        max_length=120,
        help_text=_("Only where it stands elsewhere than the register says."),
    )
    remark = forms.CharField(label=_("Remark"), required=False, max_length=300)
