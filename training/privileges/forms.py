"""Forms of privileges."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.catalogue.models import Technique
from alliance.core.forms import CreateForm, DateInput, DayField, LookupField, MomentField
from alliance.institutions.models import Institution
from alliance.people.models import Practitioner

_WHO: dict[str, Any] = {
    "url": "/api/v1/practitioners/",
    "names": ("public_id", "licence_number", "name"),
}
_WHAT: dict[str, Any] = {"url": "/api/v1/techniques/", "names": ("code", "name"), "value": "code"}
_WHERE: dict[str, Any] = {
    "url": "/api/v1/institutions/",
    "names": ("public_id", "name", "short_name"),
}


def _look_up(form: forms.Form, user: Any) -> None:
    """Let the boxes name what the user may look up."""
    kinds = {"practitioner": Practitioner, "technique": Technique, "institution": Institution}
    for name, model in kinds.items():
        if isinstance(form.fields.get(name), LookupField):
            form.fields[name].rows = model.objects.visible_to(user)  # type: ignore[attr-defined]


class AskForm(forms.Form):
    """Who may do what where: at least a person or a technique."""

    technique = LookupField(label=_("Technique"), required=False, **_WHAT)
    practitioner = LookupField(label=_("Practitioner"), required=False, **_WHO)
    institution = LookupField(label=_("Institution"), required=False, **_WHERE)
    on = forms.DateField(label=_("Day asked about"), required=False, widget=DateInput())

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _look_up(self, user)

    def clean_on(self) -> Any:
        """Today where no day was given."""
        return self.cleaned_data["on"] or timezone.localdate()

    def clean(self) -> dict[str, Any]:
        """Something to ask about."""
        data: dict[str, Any] = super().clean() or {}
        if not self.errors and not (data.get("technique") or data.get("practitioner")):
            raise forms.ValidationError(_("Name a technique or a practitioner, or both."))
        return data


class ReasonForm(forms.Form):
    """Why, and the version that was seen."""

    reason = forms.CharField(
        label=_("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 2})
    )
    version = forms.IntegerField(widget=forms.HiddenInput)


class SuspendForm(ReasonForm):
    """Until when a privilege does not count."""

    valid_until = DayField(
        label=_("Until"),
        required=False,
        widget=DateInput(),
        help_text=_("The first day on which it counts again. Empty: until it is restored."),
    )
    field_order = ("reason", "valid_until", "version")


class OverrideForm(CreateForm):
    """An emergency beyond a privilege."""

    institution = forms.ModelChoiceField(Institution.objects.none(), label=_("Institution"))
    practitioner = LookupField(label=_("Who operated"), **_WHO)
    technique = LookupField(label=_("Technique"), **_WHAT)
    at = MomentField(
        label=_("When"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    reason = forms.CharField(
        label=_("Why it could not wait"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_(
            "What endangered life, and why nobody privileged could come. No patient names."
        ),
    )
    case_number = forms.CharField(label=_("Case number"), max_length=40, required=False)
    field_order = ("institution", "practitioner", "technique", "at", "reason", "case_number")

    def __init__(self, *args: Any, user: Any, houses: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _look_up(self, user)
        self.fields["institution"].queryset = houses  # type: ignore[attr-defined]
        here = timezone.localtime().replace(second=0, microsecond=0, tzinfo=None)
        self.initial.setdefault("at", here)
        own = getattr(user, "practitioner", None)
        if own is not None and not self.is_bound:
            field = self.fields["practitioner"]
            self.initial.setdefault("practitioner", field.show(own))  # type: ignore[attr-defined]


class ReportForm(forms.Form):
    """What was found, done and came of it."""

    report = forms.CharField(
        label=_("Report"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Findings, what was done, outcome, what would have avoided it."),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)


class ReviewForm(forms.Form):
    """What follows from a report."""

    review = forms.CharField(
        label=_("Review"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )
    version = forms.IntegerField(widget=forms.HiddenInput)
