"""What people want to be told how."""

from django import forms
from django.utils.translation import gettext_lazy as _

from .choices import NoticeKind


class PreferencesForm(forms.Form):
    """The kinds that come by e-mail too; in the application all of them show."""

    wanted = forms.MultipleChoiceField(
        label=_("By e-mail"),
        choices=NoticeKind.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
