"""One set of filters for the list on the page, its export and the API.

Used on index ranges: `ReferralFilter(data, request=request).narrowed(branches)` filters each
branch, so that pages are still read in order. A value nobody could mean is an error under the
name of its parameter, never silently an empty list.
"""

import re
import uuid
from collections.abc import Iterable
from datetime import date
from functools import cached_property
from typing import Any

import django_filters as filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q, TextChoices
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alliance.catalogue.models import Disease, Technique
from alliance.core.access import access_of
from alliance.core.choices import Permission
from alliance.core.filters import BooleanFilter, MomentFilter, day_begins, day_ends
from alliance.core.templatetags.times import day
from alliance.institutions.choices import Direction
from alliance.institutions.models import Institution
from alliance.patients.models import Patient

from .choices import Status, Urgency
from .models import Referral
from .querysets import ReferralQuerySet
from .workflow import FINAL, OPEN
from .worklist import Worklist, condition

# A name is first looked up among the patients one may see; beyond this many it says too little.
MOST_PATIENTS = 200
# The rows of the national table under one category such as K35.
MOST_DISEASES = 500
_NUMBER = re.compile(r"(?:(?P<letters>[A-Za-z]{2})-?)?(?P<day>\d{1,8})(?:-?(?P<serial>\d*))?")
_BARE_PREFIX = re.compile(r"[A-Za-z]{2}-")
_PREFIXES = ("SZ", "XZ", "PZ")


class Stage(TextChoices):
    """Where a leg is on its way, more roughly than its state."""

    OPEN = "open", gettext_lazy("Under way")
    OURS = "ours", gettext_lazy("Waiting for us")
    DRAFT = "draft", gettext_lazy("Drafts")
    ENDED = "ended", gettext_lazy("Ended")


def number_prefixes(text: str) -> list[str]:
    """What a referral number may begin with when somebody typed `text`; empty when it is a name.

    sz20261121412, SZ-2026 and 20261121-00412 are all understood.
    """
    if _BARE_PREFIX.fullmatch(text):
        return [text.upper()]
    match = _NUMBER.fullmatch(text)
    if match is None:
        return []
    rest = match["day"] + (f"-{match['serial']}" if match["serial"] else "")
    heads = [match["letters"].upper()] if match["letters"] else _PREFIXES
    return [f"{head}-{rest}" for head in heads]


class InstitutionField(forms.CharField):
    """An institution by its id, or by a name that only one of them has."""

    def clean(self, value: Any) -> Institution | None:
        """The institution; ValidationError when there is none or more than one."""
        text = str(super().clean(value) or "").strip()
        if not text:
            return None
        try:
            found: list[Institution] = list(Institution.objects.filter(public_id=uuid.UUID(text)))
        except ValueError:
            found = self._named(text)
        if len(found) == 1:
            return found[0]
        if found:
            raise ValidationError(_("Several institutions match: type more of the name."))
        raise ValidationError(_("There is no such institution."))

    def _named(self, text: str) -> list[Institution]:
        exact = Institution.objects.filter(Q(name=text) | Q(short_name=text))[:2]
        return list(exact) or list(Institution.objects.search(text)[:2])


class TechniqueField(forms.CharField):
    """A technique by its code."""

    def clean(self, value: Any) -> Technique | None:
        """The technique; ValidationError when the code is unknown."""
        code = str(super().clean(value) or "").strip()
        if not code:
            return None
        technique: Technique | None = Technique.objects.filter(code=code).first()
        if technique is None:
            raise ValidationError(_("There is no technique with this code."))
        return technique


class DiagnosisField(forms.CharField):
    """A disease by its code, or all diseases of a category such as K35."""

    def clean(self, value: Any) -> list[Disease] | None:
        """The diseases; ValidationError when no code begins like that."""
        code = str(super().clean(value) or "").strip().upper()
        if not code:
            return None
        exact = list(Disease.objects.filter(code__iexact=code)[:1])
        found = exact or list(
            Disease.objects.filter(code__startswith=code).order_by("code")[:MOST_DISEASES]
        )
        if not found:
            raise ValidationError(_("There is no disease with this code."))
        return found


class InstitutionFilter(filters.CharFilter):
    """Rows whose column is this institution."""

    field_class = InstitutionField


class TechniqueFilter(filters.CharFilter):
    """Rows that ask for this technique."""

    field_class = TechniqueField


class DiagnosisFilter(filters.CharFilter):
    """Rows whose main diagnosis is one of these diseases."""

    field_class = DiagnosisField


_YES_NO = (("true", gettext_lazy("Yes")), ("false", gettext_lazy("No")))


class ReferralFilter(filters.FilterSet):
    """Filters of referrals; see the module for how to use it on branches."""

    search = filters.CharFilter(
        method="filter_search",
        label=gettext_lazy("Search"),
        max_length=50,
        help_text=gettext_lazy("Beginning of the number, of the patient's name or its initials"),
    )
    stage = filters.ChoiceFilter(
        method="filter_stage", choices=Stage.choices, label=gettext_lazy("Stage")
    )
    status = filters.MultipleChoiceFilter(
        method="filter_status", choices=Status.choices, label=gettext_lazy("Status")
    )
    direction = filters.ChoiceFilter(choices=Direction.choices, label=gettext_lazy("Direction"))
    urgency = filters.ChoiceFilter(choices=Urgency.choices, label=gettext_lazy("Urgency"))
    sender = InstitutionFilter(label=gettext_lazy("Sender"))
    receiver = InstitutionFilter(label=gettext_lazy("Receiver"))
    holder = InstitutionFilter(label=gettext_lazy("Waits for"))
    technique = TechniqueFilter(label=gettext_lazy("Technique"))
    diagnosis = DiagnosisFilter(
        field_name="diagnosis",
        lookup_expr="in",
        label=gettext_lazy("Diagnosis"),
        help_text=gettext_lazy("A code, or a category such as K35"),
    )
    overdue = BooleanFilter(method="filter_overdue", label=gettext_lazy("Overdue"))
    filed_from = filters.DateFilter(method="filter_filed_from", label=gettext_lazy("Filed from"))
    filed_until = filters.DateFilter(method="filter_filed_until", label=gettext_lazy("Filed until"))
    updated_since: Any = MomentFilter(
        field_name="updated_at", lookup_expr="gte", label=gettext_lazy("Changed since")
    )

    class Meta:
        model = Referral
        fields: list[str] = []

    def narrowed(self, branches: Iterable[ReferralQuerySet]) -> list[ReferralQuerySet]:
        """Each branch with the filters applied; raises ValidationError by parameter."""
        if not self.is_valid():
            raise ValidationError(self.errors.as_data())
        return [self.filter_queryset(branch) for branch in branches]

    @property
    def is_vague(self) -> bool:
        """Whether more patients answer to the name searched for than are looked at."""
        return len(self._patients or ()) > MOST_PATIENTS

    @cached_property
    def _user(self) -> Any:
        return getattr(self.request, "user", None)

    @cached_property
    def _patients(self) -> list[int] | None:
        """Ids of the patients meant by the search; None when it is a number or empty."""
        text = str(self.form.cleaned_data.get("search") or "").strip()
        if not text or number_prefixes(text) or self._user is None:
            return None
        seen = Patient.objects.visible_to(self._user).search(text)
        return list(seen.values_list("pk", flat=True)[: MOST_PATIENTS + 1])

    def filter_search(self, queryset: ReferralQuerySet, name: str, value: str) -> ReferralQuerySet:
        """By number, or by the patients (looked up once, bounded) whose name begins like that."""
        prefixes = number_prefixes(value.strip())
        if not prefixes:
            return queryset.filter(patient__in=(self._patients or ())[:MOST_PATIENTS])
        wanted = Q()
        for prefix in prefixes:
            wanted |= Q(number__startswith=prefix)
        return queryset.filter(wanted)

    def filter_stage(self, queryset: ReferralQuerySet, name: str, value: str) -> ReferralQuerySet:
        """Under way, on our side, ended or still a draft."""
        return at_stage(queryset, value, self._user)

    def filter_status(
        self, queryset: ReferralQuerySet, name: str, value: list[str]
    ) -> ReferralQuerySet:
        """Any of these states."""
        return queryset.filter(status__in=value) if value else queryset

    def filter_overdue(
        self, queryset: ReferralQuerySet, name: str, value: bool | str
    ) -> ReferralQuerySet:
        """Whether the clock has run out by now."""
        now = timezone.now()
        if value in (True, "true"):
            return queryset.overdue(now)
        return queryset.filter(Q(due_at=None) | Q(due_at__gt=now))

    def filter_filed_from(
        self, queryset: ReferralQuerySet, name: str, value: date
    ) -> ReferralQuerySet:
        """Filed on this day or later."""
        return queryset.filter(created_at__gte=day_begins(value))

    def filter_filed_until(
        self, queryset: ReferralQuerySet, name: str, value: date
    ) -> ReferralQuerySet:
        """Filed on this day or earlier."""
        return queryset.filter(created_at__lt=day_ends(value))


def at_stage(queryset: ReferralQuerySet, stage: str, user: Any) -> ReferralQuerySet:
    """Rows at a stage: sets of states that indexes know."""
    if stage == Stage.OURS:
        mine = access_of(user).institutions_with(Permission.REFERRAL_VIEW)
        return queryset.filter(status__in=sorted(OPEN), holder__in=mine)
    if stage == Stage.OPEN:  # the date repeats the states for the index of open legs
        return queryset.filter(status__in=sorted(OPEN), closed_at=None)
    states = {Stage.ENDED: FINAL, Stage.DRAFT: {Status.DRAFT}}
    return queryset.filter(status__in=sorted(states[Stage(stage)]))


def _combobox(address: str, value: str, placeholder: Any) -> forms.TextInput:
    return forms.TextInput(
        attrs={
            "data-combobox": f"/api/v1/{address}/",
            "data-combobox-value": value,
            "data-placeholder": placeholder,
            "autocomplete": "off",
        }
    )


def _day_input() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


# Parameters that are chosen by tabs, so that no chip repeats them.
_CARRIED = ("stage", "tray")
_SOMEWHERE = gettext_lazy("Name or pinyin initials")
_CODED = gettext_lazy("Name, pinyin initials or code")


class ReferralListFilter(ReferralFilter):
    """The same filters with the widgets of the page; the stage is chosen by tabs."""

    stage = filters.ChoiceFilter(
        method="filter_stage", choices=Stage.choices, widget=forms.HiddenInput
    )
    status = filters.MultipleChoiceFilter(
        method="filter_status",
        choices=Status.choices,
        label=gettext_lazy("Status"),
        widget=forms.SelectMultiple(attrs={"data-combobox": "", "size": 4}),
    )
    direction = filters.ChoiceFilter(
        choices=Direction.choices, label=gettext_lazy("Direction"), empty_label=gettext_lazy("Any")
    )
    urgency = filters.ChoiceFilter(
        choices=Urgency.choices, label=gettext_lazy("Urgency"), empty_label=gettext_lazy("Any")
    )
    overdue = filters.ChoiceFilter(
        method="filter_overdue",
        choices=_YES_NO,
        label=gettext_lazy("Overdue"),
        empty_label=gettext_lazy("Any"),
    )
    sender = InstitutionFilter(
        label=gettext_lazy("Sender"), widget=_combobox("institutions", "id", _SOMEWHERE)
    )
    receiver = InstitutionFilter(
        label=gettext_lazy("Receiver"), widget=_combobox("institutions", "id", _SOMEWHERE)
    )
    holder = InstitutionFilter(
        label=gettext_lazy("Waits for"), widget=_combobox("institutions", "id", _SOMEWHERE)
    )
    technique = TechniqueFilter(
        label=gettext_lazy("Technique"), widget=_combobox("techniques", "code", _CODED)
    )
    diagnosis = DiagnosisFilter(
        field_name="diagnosis",
        lookup_expr="in",
        label=gettext_lazy("Diagnosis"),
        widget=_combobox("diseases", "code", _CODED),
    )
    filed_from = filters.DateFilter(
        method="filter_filed_from", label=gettext_lazy("Filed from"), widget=_day_input()
    )
    filed_until = filters.DateFilter(
        method="filter_filed_until", label=gettext_lazy("Filed until"), widget=_day_input()
    )
    updated_since: Any = MomentFilter(
        field_name="updated_at", lookup_expr="gte", widget=forms.HiddenInput
    )
    worklist = filters.ChoiceFilter(
        method="filter_worklist",
        choices=Worklist.choices,
        label=gettext_lazy("Worklist"),
        widget=forms.HiddenInput,
    )

    def filter_worklist(
        self, queryset: ReferralQuerySet, name: str, value: str
    ) -> ReferralQuerySet:
        """The rows that a number on the home page counts."""
        house = getattr(self.request, "institution", None)
        house_id = house.pk if house else None
        return queryset.filter(
            condition(value, user=self._user, institution_id=house_id, now=timezone.now())
        )

    def chosen(self) -> dict[str, str]:
        """The filters that are on, by parameter, in words.

        Comboboxes learn the words of the value they hold, so that people see names, not codes.
        """
        if not self.is_valid():
            return {}
        words = {}
        for name, value in self.form.cleaned_data.items():
            if value in (None, "", []) or name in _CARRIED:
                continue
            words[name] = self._in_words(name, value)
            widget = self.form.fields[name].widget
            if "data-combobox-value" in widget.attrs:
                widget.attrs["data-combobox-label"] = words[name]
        return words

    def _in_words(self, name: str, value: Any) -> str:
        if name == "diagnosis":
            return str(value[0]) if len(value) == 1 else str(self.data.get("diagnosis", "")).upper()
        choices = dict(getattr(self.form.fields[name], "choices", ()))
        if isinstance(value, list):
            return "、".join(str(choices[one]) for one in value)
        if isinstance(value, date):
            return day(value)
        return str(choices.get(value, value))


class InboxFilter(ReferralListFilter):
    """What a desk narrows its tray by; the tray itself is only carried along."""

    tray = filters.CharFilter(method="filter_tray", widget=forms.HiddenInput)
    worklist = stage = status = overdue = filed_from = filed_until = updated_since = None
    holder: Any = None

    def filter_tray(self, queryset: ReferralQuerySet, name: str, value: str) -> ReferralQuerySet:
        """The view reads the tray; nothing is narrowed here."""
        return queryset
