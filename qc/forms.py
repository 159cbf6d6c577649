"""Forms of findings and runs."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.core import compliance
from alliance.core.forms import DateInput
from alliance.people.models import User


class OwnerForm(forms.Form):
    """Who mends a finding."""

    owner = forms.ModelChoiceField(
        queryset=User.objects.none(),
        required=False,
        label=_("Owner"),
        empty_label=_("Nobody yet"),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, owners: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = owners  # type: ignore[attr-defined]


class WaiverForm(forms.Form):
    """Why a finding may stay as it is, and until when."""

    reason = forms.CharField(max_length=300, label=_("Reason"))
    until = forms.DateField(widget=DateInput(), label=_("Until"))
    version = forms.IntegerField(widget=forms.HiddenInput)


class RunForm(forms.Form):
    """Which check to run again, for which day."""

    code = forms.ChoiceField(required=False, label=_("Check"))
    day = forms.DateField(widget=DateInput(), label=_("For the day"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        all_checks = [("", _("All checks"))]
        named = [(code, one.title) for code, one in compliance.checks().items()]
        self.fields["code"].choices = all_checks + named  # type: ignore[attr-defined]
        self.fields["day"].initial = timezone.localdate()
