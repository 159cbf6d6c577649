"""Forms of the institution pages; the actions decide, the forms say where it went wrong."""

from collections.abc import Collection
from typing import Any, cast

from django import forms
from django.forms.models import fields_for_model, model_to_dict
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from alliance.core.forms import CreateForm, DateInput, LookupField, TimeInput
from alliance.core.policy import Definition

from .choices import HelpForm, MemberRole, Tier, TypeCode
from .models import Department, Institution, Membership

_INSTITUTION = (
    "name",
    "short_name",
    "tier",
    "type_code",
    "grade",
    "uscc",
    "division_code",
    "parent",
    "address",
    "phone",
    "liaison_phone",
    "email",
    "beds",
    "reviews_referrals",
    "is_external",
    "is_active",
)
_INSTITUTION_NAMES = ("public_id", "uscc", "name", "short_name")


def institution_field(*, only: str = "", **kwargs: Any) -> LookupField:
    """A box that names one institution; `only` narrows what the search offers."""
    url = format_lazy("{}{}", reverse_lazy("api:institution-list"), only)
    return LookupField(url=url, names=_INSTITUTION_NAMES, **kwargs)


class InstitutionForm(CreateForm):
    """An institution's facts; only the `allowed` fields where the user may not change all."""

    def __init__(
        self,
        *args: Any,
        rows: Any,
        institution: Institution | None = None,
        allowed: Collection[str] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        wanted = [name for name in _INSTITUTION if allowed is None or name in allowed]
        made = fields_for_model(Institution, fields=wanted) | _own_fields(rows, institution)
        self.fields |= {name: made[name] for name in wanted}
        if institution is None:
            self.fields.pop("is_active", None)
            return
        self.initial.update(model_to_dict(institution, fields=wanted))
        if "parent" in wanted:
            parent = institution.parent
            self.initial["parent"] = made["parent"].show(parent) if parent else ""


def _own_fields(rows: Any, institution: Institution | None) -> dict[str, Any]:
    """The fields that need more than the model says."""
    codes: dict[str, Any] = dict(TypeCode.choices)
    if institution is not None:
        codes.setdefault(institution.type_code, _("Other kind"))
    parent = institution_field(
        only="?tier=township",
        label=_("Township hospital above it"),
        required=False,
        help_text=_("Only for a village clinic."),
    )
    parent.rows = rows.filter(tier=Tier.TOWNSHIP)
    return {
        "parent": parent,
        "type_code": forms.ChoiceField(
            label=_("Kind (WS 218)"),
            choices=[(code, f"{code} {label}") for code, label in codes.items()],
            initial=TypeCode.TOWNSHIP,
        ),
        "uscc": forms.CharField(
            label=_("Unified social credit code"),
            help_text=_("18 characters, as on the certificate."),
        ),
        "division_code": forms.CharField(
            label=_("Division code"), help_text=_("6, 9 or 12 digits.")
        ),
        "reviews_referrals": forms.BooleanField(
            label=_("Reviews referrals before they leave"),
            required=False,
            help_text=_("The liaison desk looks at each one first; emergencies pass."),
        ),
    }


class DepartmentForm(CreateForm):
    """A department."""

    def __init__(self, *args: Any, department: Department | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = ["code", "name", "specialty", "phone", "beds"]
        self.fields |= fields_for_model(Department, fields=names)
        self.fields["specialty"].widget.attrs["data-combobox"] = ""
        self.fields["code"].help_text = _("The number this department has in your own system.")
        if department is not None:
            self.initial.update(model_to_dict(department, fields=names))


class CalendarForm(CreateForm):
    """Days on which an institution opens or closes by itself."""

    first = forms.DateField(label=_("First day"), widget=DateInput())
    last = forms.DateField(
        label=_("Last day"),
        required=False,
        widget=DateInput(),
        help_text=_("Empty: one day only."),
    )
    is_open = forms.TypedChoiceField(
        label=_("On these days"),
        choices=[("no", _("Closed all day")), ("yes", _("Open, with these hours"))],
        coerce=lambda value: value == "yes",
        initial="no",
        widget=forms.RadioSelect,
    )
    opens_at = forms.TimeField(label=_("Opens at"), required=False, widget=TimeInput())
    closes_at = forms.TimeField(label=_("Closes at"), required=False, widget=TimeInput())
    reason = forms.CharField(label=_("Reason"), max_length=100)


class HoursForm(CreateForm):
    """An institution's own hours of a week."""

    weekday = forms.CharField(
        label=_("Hours on working days"),
        max_length=60,
        required=False,
        help_text=_("Such as 08:00-12:00 14:00-17:30; empty means closed."),
    )
    weekend = forms.CharField(label=_("Hours at weekends"), max_length=60, required=False)
    observes_holidays = forms.BooleanField(label=_("Closed on public holidays"), required=False)
    effective_from = forms.DateField(label=_("In force from"), widget=DateInput())
    reason = forms.CharField(label=_("Reason"), max_length=200)


class JoinForm(CreateForm):
    """Taking an institution into the alliance."""

    institution = institution_field(label=_("Institution"))
    role = forms.ChoiceField(label=_("Role"), choices=MemberRole.choices, initial=MemberRole.MEMBER)
    help_form = forms.ChoiceField(label=_("Form of help"), choices=HelpForm.choices)
    valid_from = forms.DateField(label=_("Member from"), widget=DateInput())
    valid_until = forms.DateField(
        label=_("Until"),
        required=False,
        widget=DateInput(),
        help_text=_("The first day after the agreement ends; empty where no end is agreed."),
    )
    agreement = forms.CharField(
        label=_("Agreement"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Needs, goals and deadlines of this member."),
    )

    def __init__(self, *args: Any, rows: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(LookupField, self.fields["institution"]).rows = rows
        self.initial.setdefault("valid_from", timezone.localdate())


class ChangeMemberForm(forms.Form):
    """Another role or form of help from a date on."""

    role = forms.ChoiceField(label=_("Role"), choices=MemberRole.choices)
    help_form = forms.ChoiceField(label=_("Form of help"), choices=HelpForm.choices)
    effective_from = forms.DateField(label=_("In force from"), widget=DateInput())
    agreement = forms.CharField(
        label=_("Agreement"), required=False, widget=forms.Textarea(attrs={"rows": 4})
    )

    def __init__(self, *args: Any, membership: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.update(model_to_dict(membership, fields=["role", "help_form", "agreement"]))
        self.initial["effective_from"] = max(timezone.localdate(), membership.valid_from)


class LeaveForm(forms.Form):
    """Ending a membership."""

    on = forms.DateField(
        label=_("No longer a member from"),
        widget=DateInput(),
        initial=timezone.localdate,
        help_text=_("Referrals already on their way go on."),
    )
    reason = forms.CharField(label=_("Reason"), max_length=200)


class MatrixFilterForm(forms.Form):
    """Which part of the matrix to show."""

    search = forms.CharField(label=_("Search"), required=False, max_length=50)
    sender_tier = forms.ChoiceField(
        label=_("Senders"), required=False, choices=[("", _("All tiers")), *Tier.choices]
    )
    receiver_tier = forms.ChoiceField(
        label=_("Receivers"), required=False, choices=[("", _("All tiers")), *Tier.choices]
    )


class RelationForm(forms.Form):
    """One cell of the matrix set by hand."""

    is_allowed = forms.TypedChoiceField(
        choices=[("yes", _("allowed")), ("no", _("not allowed"))],
        coerce=lambda value: value == "yes",
        widget=forms.HiddenInput,
    )
    note = forms.CharField(label=_("Note"), required=False, max_length=200)


class PolicyForm(CreateForm):
    """A new value of one setting; its field is made for the kind of the setting."""

    effective_from = forms.DateField(
        label=_("In force from"),
        widget=DateInput(),
        initial=timezone.localdate,
        help_text=_("Today or a later day; until then the present value counts."),
    )
    source = forms.CharField(
        label=_("Source"),
        max_length=300,
        help_text=_("The document or decision that says so."),
    )
    reason = forms.CharField(label=_("Reason"), max_length=300)

    def __init__(self, *args: Any, definition: Definition, value: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields = {"value": value_field(definition), **self.fields}
        self.initial["value"] = str(value).lower() if isinstance(value, bool) else value


def value_field(definition: Definition) -> forms.Field:
    """The control that suits a setting."""
    label = _("New value")
    if definition.kind == "boolean":
        choices = [("true", _("Yes")), ("false", _("No"))]
        return forms.ChoiceField(label=label, choices=choices, widget=forms.RadioSelect)
    if definition.kind == "choice":
        return forms.ChoiceField(label=label, choices=definition.choices)
    if definition.kind == "text":
        return forms.CharField(label=label, max_length=300, required=False)
    return forms.IntegerField(
        label=label, min_value=definition.minimum, max_value=definition.maximum
    )
