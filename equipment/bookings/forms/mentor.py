"""Choosing another mentor for a booking."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from alliance.people.models import Practitioner

from .fields import RowField


class MentorForm(forms.Form):
    """Somebody who may teach and is free then."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    mentor = RowField(label=_("Mentor"), widget=forms.Select(attrs={"class": "input"}))

    def __init__(self, *args: Any, mentors: Sequence[Practitioner], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["mentor"]
        field.offer((one, f"{one.name} · {one.institution}") for one in mentors)
