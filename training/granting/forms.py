"""Forms of applications and of the committee."""

from __future__ import annotations

from typing import Any

from django import forms
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.core.forms import CreateForm, DateInput, DayField, LookupField, TimeInput
from alliance.institutions.models import Institution
from alliance.people.models import User
from training.privileges.choices import Level

from .choices import Ballot, Position
from .models import Meeting


def _lines(rows: int = 3) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class _Named:
    """Several forms stand on one page: each names its controls after itself."""

    auto_id: Any

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", f"{type(self).__name__.lower()}_%s")
        super().__init__(*args, **kwargs)


class WishForm(forms.Form):
    """Which technique, and where."""

    technique = LookupField(
        url=reverse_lazy("api:technique-list"),
        names=("code", "name"),
        value="code",
        label=_("Technique"),
    )
    institution = forms.ModelChoiceField(
        queryset=Institution.objects.none(),
        to_field_name="public_id",
        empty_label=None,
        label=_("Institution"),
    )

    def __init__(self, *args: Any, techniques: Any, institutions: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["technique"].rows = techniques  # type: ignore[attr-defined]
        self.fields["institution"].queryset = institutions  # type: ignore[attr-defined]


class OpenForm(CreateForm):
    """What the applicant adds to the evidence."""

    statement = forms.CharField(
        required=False,
        max_length=4000,
        widget=_lines(4),
        label=_("Statement"),
        help_text=_("What the committee should know beside the evidence."),
    )


class VersionForm(_Named, forms.Form):
    """A change of what somebody saw."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class WithdrawForm(VersionForm):
    """Why an application is taken back."""

    reason = forms.CharField(max_length=1000, widget=_lines(), label=_("Reason"))


class TakeUpForm(VersionForm):
    """At which meeting, or by circulation."""

    meeting = forms.ModelChoiceField(
        queryset=Meeting.objects.none(),
        required=False,
        label=_("Meeting"),
        empty_label=_("No meeting: members vote on their own"),
    )

    def __init__(self, *args: Any, meetings: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["meeting"].queryset = meetings  # type: ignore[attr-defined]


class VoteForm(VersionForm):
    """How a member votes, and why."""

    ballot = forms.ChoiceField(
        choices=Ballot.choices, widget=forms.RadioSelect, label=_("Your vote")
    )
    reason = forms.CharField(
        max_length=2000,
        widget=_lines(),
        label=_("Reason"),
        help_text=_("Only the committee sees who voted how, and why."),
    )


class InterestForm(VersionForm):
    """What binds a member to the applicant."""

    note = forms.CharField(max_length=200, label=_("What binds you to the applicant"))


class RefusalForm(VersionForm):
    """Why the committee does not grant it."""

    reason = forms.CharField(
        max_length=2000,
        widget=_lines(),
        label=_("Reason of the decision"),
        help_text=_("The applicant reads it."),
    )


class DecisionForm(RefusalForm):
    """What is granted: level, period, conditions."""

    level = forms.ChoiceField(choices=Level.choices, initial=Level.INDEPENDENT, label=_("Level"))
    valid_from = DayField(
        required=False,
        widget=DateInput(),
        label=_("Counts from"),
        help_text=_("Empty: from today, a renewal from the end of the old period."),
    )
    valid_until = DayField(
        required=False,
        widget=DateInput(),
        label=_("Until"),
        help_text=_("The first day on which it no longer counts. Empty: as policy says."),
    )
    conditions = forms.CharField(
        required=False, max_length=2000, widget=_lines(2), label=_("Conditions")
    )
    field_order = ["level", "valid_from", "valid_until", "conditions", "reason", "version"]


class CommitteeForm(_Named, forms.Form):
    """The term of a committee."""

    name = forms.CharField(max_length=60, label=_("Name of the committee"))
    valid_from = DayField(widget=DateInput(), label=_("In office from"))
    valid_until = DayField(required=False, widget=DateInput(), label=_("In office until"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["valid_from"].initial = timezone.localdate()


class TermForm(VersionForm):
    """When a term ends."""

    until = DayField(widget=DateInput(), label=_("In office until"))


class MemberForm(_Named, forms.Form):
    """Who sits in the committee, as what, and where they work."""

    user = forms.ModelChoiceField(queryset=User.objects.none(), label=_("Person"))
    position = forms.ChoiceField(
        choices=Position.choices, initial=Position.MEMBER, label=_("Position")
    )
    institution = forms.ModelChoiceField(
        queryset=Institution.objects.none(),
        required=False,
        label=_("Works at"),
        empty_label=_("As the directory of practitioners says"),
        help_text=_("Members do not vote on applicants of their own institution."),
    )
    valid_from = DayField(widget=DateInput(), label=_("From"))

    def __init__(self, *args: Any, people: Any, houses: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["user"].queryset = people  # type: ignore[attr-defined]
        self.fields["institution"].queryset = houses  # type: ignore[attr-defined]
        self.fields["valid_from"].initial = timezone.localdate()


class SeatForm(_Named, forms.Form):
    """When a member leaves."""

    until = DayField(widget=DateInput(), label=_("Until"))


class MeetingForm(_Named, forms.Form):
    """When and where the committee meets."""

    held_on = DayField(widget=DateInput(), label=_("Day"))
    starts_at = forms.TimeField(widget=TimeInput(), label=_("Time"))
    place = forms.CharField(max_length=200, label=_("Place or link"))


class MinutesForm(VersionForm):
    """What was said."""

    minutes = forms.CharField(max_length=20000, widget=_lines(8), label=_("Minutes"))
