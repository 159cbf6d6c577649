"""Forms of courses, sessions and hours; the actions decide, the forms say where it went wrong."""

from typing import Any

from django import forms
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from alliance.catalogue.models import Technique
from alliance.core.forms import CreateForm, DateInput, DayField, LookupField, MomentField
from alliance.institutions.models import Alliance, Institution
from alliance.people.models import Practitioner

from . import policies
from .choices import Mode, PartKind
from .models import Contest, Course, Session

_VERSION = "version"


def _moment(label: Any) -> MomentField:
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    return MomentField(label=label, widget=widget)


def _technique() -> LookupField:
    return LookupField(
        url=reverse_lazy("api:technique-list"),
        names=("code", "name"),
        value="code",
        label=_("Technique"),
        required=False,
        help_text=_("The technique that is taught, if it is one."),
    )


def _house(label: Any) -> LookupField:
    names = ("public_id", "uscc", "name", "short_name")
    return LookupField(url=reverse_lazy("api:institution-list"), names=names, label=label)


def _person(label: Any, *, required: bool = True, help_text: Any = "") -> LookupField:
    return LookupField(
        url=reverse_lazy("api:practitioner-list"),
        names=("public_id", "licence_number", "name"),
        label=label,
        required=required,
        help_text=help_text,
    )


def _hours(label: Any) -> forms.DecimalField:
    return forms.DecimalField(label=label, min_value=0, max_value=500, decimal_places=1)


class _Looking(CreateForm):
    """A form whose look-ups find what the user may see."""

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = {
            "technique": Technique.objects.visible_to(user).filter(is_active=True),
            "institution": Institution.objects.visible_to(user).filter(is_active=True),
        }
        people = Practitioner.objects.visible_to(user).filter(is_active=True)
        for name, field in self.fields.items():
            if isinstance(field, LookupField):
                field.rows = rows.get(name, people)

    def begin_with(self, row: Any, names: list[str]) -> None:
        """Show the values of a stored row."""
        for name in names:
            value, field = getattr(row, name), self.fields[name]
            if isinstance(field, LookupField):
                value = field.show(value) if value is not None else ""
            self.initial[name] = value


class CourseForm(_Looking):
    """A course: what it is about, how it is taken, what it counts."""

    owner = forms.ChoiceField(label=_("Offered by"))
    title = forms.CharField(label=pgettext_lazy("course", "Title"), max_length=100)
    mode = forms.ChoiceField(label=_("How it is taken"), choices=Mode.choices)
    technique = _technique()
    hours = _hours(_("Education hours"))
    is_thematic = forms.BooleanField(label=_("Thematic training"), required=False)
    is_entry = forms.BooleanField(label=_("Entry training of new surgeons"), required=False)
    summary = forms.CharField(
        label=_("What it is about"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, user: Any, course: Course | None = None, **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)
        if course is not None:
            del self.fields["owner"]
            self.begin_with(course, [*self._shown(), _VERSION])
            return
        del self.fields[_VERSION]
        houses = Institution.objects.filter(pk__in=policies.houses_kept(user))
        alliances = Alliance.objects.filter(pk__in=policies.alliances_kept(user))
        self.owners = {f"h{house.pk}": {"institution": house} for house in houses} | {
            f"a{group.pk}": {"alliance": group} for group in alliances
        }
        self.fields["owner"].choices = [  # type: ignore[attr-defined]
            (key, str(next(iter(owner.values())))) for key, owner in self.owners.items()
        ]
        if len(self.owners) == 1:
            self.fields["owner"].widget = forms.HiddenInput()
            self.initial["owner"] = next(iter(self.owners))

    def _shown(self) -> list[str]:
        return ["title", "mode", "technique", "hours", "is_thematic", "is_entry", "summary"]

    @property
    def values(self) -> dict[str, Any]:
        """What the course says of itself, and whose it is."""
        values = super().values
        return self.owners[values.pop("owner")] | values if "owner" in self.fields else values


class PartForm(CreateForm):
    """One more part of a course."""

    kind = forms.ChoiceField(label=_("Kind"), choices=PartKind.choices)
    title = forms.CharField(label=pgettext_lazy("course", "Title"), max_length=100)
    minutes = forms.IntegerField(
        label=_("Minutes it takes"), min_value=1, max_value=600, initial=10
    )
    file = forms.FileField(
        label=_("File"),
        required=False,
        help_text=_("A document as PDF or picture, a video as MP4."),
    )
    url = forms.URLField(
        label=_("Address"), required=False, assume_scheme="https", help_text=_("Only for a link.")
    )


class PartEditForm(forms.Form):
    """What a part is called, how long it takes and where it stands."""

    title = forms.CharField(label=pgettext_lazy("course", "Title"), max_length=100)
    minutes = forms.IntegerField(label=_("Minutes it takes"), min_value=1, max_value=600)
    order = forms.IntegerField(label=_("Place in the course"), min_value=1, max_value=200)


class SessionForm(_Looking):
    """When, where and for how many a course is held."""

    starts_at = _moment(_("Starts"))
    ends_at = _moment(_("Ends"))
    institution = _house(_("Institution"))
    place = forms.CharField(
        label=_("Place"), max_length=100, help_text=_("Building, floor and room.")
    )
    seats = forms.IntegerField(label=_("Seats"), min_value=1, max_value=2000, initial=20)
    teacher = _person(_("Teacher"), required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(
        self, *args: Any, user: Any, session: Session | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, user=user, **kwargs)
        if session is None:
            del self.fields[_VERSION]
            return
        names = ["starts_at", "ends_at", "institution", "place", "seats", "teacher", _VERSION]
        self.begin_with(session, names)


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(label=_("Reason"), max_length=200)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)


class ParticipantForm(_Looking):
    """Whom to book."""

    practitioner = _person(_("Practitioner"), help_text=_("Name, pinyin initials or licence."))


class ClaimForm(_Looking):
    """Hours from elsewhere."""

    practitioner = _person(
        _("Practitioner"), required=False, help_text=_("Empty: these are my own hours.")
    )
    title = forms.CharField(label=_("What it was"), max_length=100)
    on = DayField(label=_("Date"), widget=DateInput())
    hours = _hours(_("Education hours"))
    ref = forms.CharField(label=_("Certificate number"), max_length=60, required=False)
    is_thematic = forms.BooleanField(label=_("Thematic training"), required=False)
    evidence = forms.FileField(
        label=_("Evidence"), required=False, help_text=_("The certificate as PDF or photo.")
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)
        if not policies.houses_kept(user):
            del self.fields["practitioner"]
        elif user.practitioner_id is None:
            self.fields["practitioner"].required = True
            self.fields["practitioner"].help_text = ""


class ContestForm(_Looking):
    """A skills contest."""

    name = forms.CharField(label=_("Name of the contest"), max_length=100)
    held_on = DayField(label=_("Held on"), widget=DateInput())
    institution = _house(_("Held at"))
    technique = _technique()
    hours = _hours(_("Education hours for taking part"))
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(
        self, *args: Any, user: Any, contest: Contest | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, user=user, **kwargs)
        if contest is None:
            del self.fields[_VERSION]
            return
        self.begin_with(contest, ["name", "held_on", "institution", "technique", "hours", _VERSION])


class ResultForm(_Looking):
    """What somebody reached in a contest."""

    practitioner = _person(_("Practitioner"))
    rank = forms.IntegerField(label=_("Rank"), min_value=1, max_value=1000, required=False)
    score = forms.DecimalField(
        label=_("Score"), min_value=0, max_digits=6, decimal_places=2, required=False
    )
    award = forms.CharField(label=_("Award"), max_length=40, required=False)


class KeyDoctorForm(_Looking):
    """Who is key doctor, from when."""

    practitioner = _person(_("Practitioner"))
    valid_from = DayField(label=_("From"), widget=DateInput(), initial=timezone.localdate)


class CentreForm(CreateForm):
    """What a simulation centre is called, and what it has."""

    name = forms.CharField(label=_("Name of the centre"), max_length=60)
    equipment = forms.CharField(
        label=_("Equipment"),
        max_length=200,
        required=False,
        help_text=_("Box trainers, simulators, animal laboratory."),
    )
    valid_from = DayField(label=_("From"), widget=DateInput(), initial=timezone.localdate)


class EndForm(forms.Form):
    """From which day on it is over."""

    last = DayField(label=_("No longer from"), widget=DateInput())
