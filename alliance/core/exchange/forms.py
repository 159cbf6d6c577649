"""The form that takes a file."""

import uuid

from django import forms
from django.utils.translation import gettext_lazy as _


class UploadForm(forms.Form):
    """One file of rows; `key` makes a second tap harmless."""

    file = forms.FileField(
        label=_("File"),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv,.txt,.tsv"}),
        error_messages={"required": _("Choose a file."), "empty": _("The file is empty.")},
    )
    key = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)

    @classmethod
    def fresh(cls) -> "UploadForm":
        """An empty form with a key of its own."""
        return cls(initial={"key": uuid.uuid4().hex})
