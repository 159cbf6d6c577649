"""The form by which a charge is put right."""

from django import forms
from django.utils.translation import gettext_lazy as _


class CorrectForm(forms.Form):
    """What a use shall cost instead, and why."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    amount = forms.DecimalField(
        label=_("Amount in yuan"), min_value=0, max_digits=10, decimal_places=2
    )
    reason = forms.CharField(label=_("Reason"), max_length=300)


class MonthForm(forms.Form):
    """Between whom a month is settled, and the sum that was seen."""

    alliance = forms.IntegerField(widget=forms.HiddenInput)
    payer = forms.UUIDField(widget=forms.HiddenInput)
    payee = forms.UUIDField(widget=forms.HiddenInput)
    month = forms.DateField(widget=forms.HiddenInput)
    total = forms.DecimalField(widget=forms.HiddenInput, max_digits=12, decimal_places=2)
