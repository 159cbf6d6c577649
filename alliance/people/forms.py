"""Forms about people; the actions decide, the forms say where it went wrong."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import password_validators_help_text_html
from django.forms.models import fields_for_model, model_to_dict
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from alliance.core.choices import Role
from alliance.core.forms import CreateForm, DateInput, LookupField
from alliance.institutions.models import Alliance, Department, Institution

from . import rules
from .choices import AbsenceKind
from .models import Practitioner, User
from .scopes import ClientScopes

_PARTICULARS = ("name", "email", "phone")
_PRACTITIONER = (
    "name",
    "sex",
    "licence_number",
    "licence_valid_until",
    "title_code",
    "practice_started_on",
    "department",
    "specialties",
    "phone",
)


def _roles(allowed: frozenset[Any]) -> list[tuple[str, Any]]:
    """Choices in the order of the roles' definition."""
    return [(role.value, role.label) for role in Role if role in allowed]


class HouseForm(CreateForm):
    """A form about one of the houses that the user administers; asks only where there are several."""

    institution = forms.ModelChoiceField(
        Institution.objects.none(),
        label=_("Institution"),
        empty_label=None,
        to_field_name="public_id",
    )

    def __init__(
        self, *args: Any, houses: Any, here: Institution | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["institution"]
        field.queryset = houses  # type: ignore[attr-defined]
        field.initial = here.public_id if here and here in houses else None
        if len(houses) == 1:
            field.widget = forms.HiddenInput()


class UserForm(CreateForm):
    """A new account."""

    username = forms.CharField(
        label=_("User name"), max_length=60, help_text=_("Letters, digits and . @ + - _")
    )
    name = forms.CharField(label=_("Name"), max_length=50)
    email = forms.EmailField(
        label=_("E-mail"), required=False, help_text=_("Needed to reset the password alone.")
    )
    phone = forms.CharField(label=_("Telephone"), max_length=30, required=False)


class ParticularsForm(forms.Form):
    """Corrections to an account."""

    def __init__(self, *args: Any, account: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial = model_to_dict(account, fields=_PARTICULARS)
        self.fields |= fields_for_model(User, fields=_PARTICULARS)


class GrantForm(CreateForm):
    """One more role for a person."""

    role = forms.ChoiceField(label=_("Role"), choices=_roles(rules.GRANTABLE_ROLES))
    institution = LookupField(
        url=reverse_lazy("api:institution-list"),
        names=("public_id", "uscc", "name", "short_name"),
        label=_("Institution"),
        required=False,
        help_text=_("For roles at an institution."),
    )
    alliance = forms.ModelChoiceField(
        Alliance.objects.none(),
        label=_("Alliance"),
        required=False,
        to_field_name="public_id",
        help_text=_("For roles of an alliance."),
    )
    valid_until = forms.DateField(
        label=_("Until"), required=False, widget=DateInput(), help_text=_("Empty: until withdrawn.")
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["institution"].rows = Institution.objects.visible_to(user)  # type: ignore[attr-defined]
        alliances = Alliance.objects.visible_to(user).filter(is_active=True).order_by("name")
        self.fields["alliance"].queryset = alliances  # type: ignore[attr-defined]


class InviteForm(HouseForm):
    """Whom to invite, to what."""

    name = forms.CharField(label=_("Name"), max_length=50)
    email = forms.EmailField(
        label=_("E-mail"), help_text=_("The link goes to this address and works once.")
    )
    role = forms.ChoiceField(label=_("Role"), choices=_roles(rules.INVITABLE_ROLES))
    practitioner = forms.ModelChoiceField(
        Practitioner.objects.none(),
        label=_("Practitioner"),
        required=False,
        help_text=_("Whose licence this person works under; without one for office staff."),
        widget=forms.Select(attrs={"data-combobox": ""}),
    )
    field_order = ("institution", "name", "email", "role", "practitioner")

    def __init__(self, *args: Any, practitioners: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["practitioner"].queryset = practitioners  # type: ignore[attr-defined]


class ClientForm(HouseForm):
    """Another system to let in."""

    name = forms.CharField(
        label=_("Name of the system"),
        max_length=50,
        help_text=_("For example: HIS of the hospital"),
    )
    scopes = forms.MultipleChoiceField(
        label=_("What it may do"), choices=(), widget=forms.CheckboxSelectMultiple
    )
    field_order = ("institution", "name", "scopes")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        scopes = ClientScopes().get_all_scopes()
        self.fields["scopes"].choices = list(scopes.items())  # type: ignore[attr-defined]


class PractitionerForm(CreateForm):
    """A practitioner's particulars."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        institution: Institution,
        practitioner: Practitioner | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        dates = ("licence_valid_until", "practice_started_on")
        widgets: dict[str, Any] = {name: DateInput() for name in dates}
        self.fields |= fields_for_model(Practitioner, fields=_PRACTITIONER, widgets=widgets)
        departments = Department.objects.filter(institution=institution, is_active=True)
        self.fields["department"].queryset = departments.order_by("code")  # type: ignore[attr-defined]
        for name in ("department", "specialties"):
            self.fields[name].widget.attrs["data-combobox"] = ""
        if practitioner is None:
            del self.fields["version"]
        else:
            self.initial.update(model_to_dict(practitioner, fields=_PRACTITIONER))
            self.initial["version"] = practitioner.version


class SiteForm(forms.Form):
    """From when, and until when, somebody practises at this institution too."""

    valid_from = forms.DateField(label=_("From"), widget=DateInput())
    valid_until = forms.DateField(
        label=_("Until"), required=False, widget=DateInput(), help_text=_("Empty: without an end.")
    )
    note = forms.CharField(label=_("Note"), max_length=200, required=False)


class JoinForm(forms.Form):
    """Who accepts an invitation, and the password they choose."""

    name = forms.CharField(label=_("Name"), max_length=50)
    username = forms.CharField(
        label=_("User name"),
        max_length=60,
        help_text=_("To sign in with; your e-mail address works too."),
        widget=forms.TextInput(attrs={"autocomplete": "username"}),
    )
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    repeated = forms.CharField(
        label=_("Password again"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].help_text = password_validators_help_text_html()

    def clean(self) -> dict[str, Any]:
        """The password was typed twice alike."""
        data: dict[str, Any] = super().clean() or {}
        if data.get("password") != data.pop("repeated", data.get("password")):
            self.add_error("repeated", _("This is not the same password. Type it again."))
        return data


class ProfileForm(forms.Form):
    """What people say of themselves."""

    name = forms.CharField(label=_("Name"), max_length=50)
    phone = forms.CharField(label=_("Telephone"), max_length=30, required=False)
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)


class AbsenceForm(CreateForm):
    """From when until when somebody does not work."""

    kind = forms.ChoiceField(label=_("Kind"), choices=AbsenceKind.choices)
    valid_from = forms.DateField(label=_("From"), widget=DateInput())
    valid_until = forms.DateField(label=_("First day back at work"), widget=DateInput())
    note = forms.CharField(label=_("Note"), max_length=200, required=False)
