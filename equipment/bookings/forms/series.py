"""Cancelling what is left of a repeating booking."""

from django import forms
from django.utils.translation import gettext_lazy as _

from alliance.core.forms import MomentField


class SeriesCancelForm(forms.Form):
    """Why, and from which of them on."""

    since = MomentField(required=False, widget=forms.HiddenInput)
    reason = forms.CharField(label=_("Reason"), max_length=300)
