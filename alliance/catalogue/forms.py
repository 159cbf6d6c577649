"""Forms of the catalogue pages."""

from typing import Any

from django import forms
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.core.forms import CreateForm, DateInput, LookupField

from . import rules
from .choices import SCORES, RequirementKind, Score, Side, TechniqueGrade
from .models import CatalogueEntry, Disease, Technique


class DraftForm(CreateForm):
    """Name and note of a draft edition."""

    name = forms.CharField(label=_("Name of the edition"), max_length=60)
    note = forms.CharField(
        label=_("Note"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What this edition is about, for those who will read it."),
    )


def _score(label: Any) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label,
        required=False,
        coerce=int,
        empty_value=None,
        choices=[("", "—"), *Score.choices],
    )


class EntryForm(forms.Form):
    """Grade and tiers of one technique in a draft, its scores and its diseases."""

    grade = forms.ChoiceField(
        label=_("Grade"), choices=TechniqueGrade.choices, widget=forms.RadioSelect
    )
    usual = forms.BooleanField(
        label=_("The usual tiers of this grade"),
        required=False,
        help_text=_("Basic from the township up, advanced from the county up, complex tertiary."),
    )
    tiers = forms.MultipleChoiceField(
        label=_("Other tiers"),
        required=False,
        choices=[(tier.value, tier.label) for tier in rules.GRADED_TIERS],
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Only where the box above is empty; then say why."),
    )
    note = forms.CharField(label=_("Note"), required=False, max_length=200)
    operation = _score(_("Operation complexity"))
    risk = _score(_("Risk"))
    equipment = _score(_("Dependence on equipment"))
    frequency = _score(_("Frequency"))
    benefit = _score(_("Benefit"))
    grassroots = _score(_("Ability of the grassroots"))
    reason = forms.CharField(
        label=_("Why it differs from the proposal"),
        required=False,
        max_length=200,
        help_text=_("The office decides; where it grades otherwise than proposed, it says why."),
    )
    township = forms.CharField(
        label=_("Diseases treated at the township"),
        required=False,
        max_length=400,
        help_text=_("Codes, separated by blanks."),
    )
    county = forms.CharField(
        label=_("Diseases treated at the county"), required=False, max_length=400
    )
    tertiary = forms.CharField(
        label=_("Diseases treated at the tertiary hospital"), required=False, max_length=400
    )

    def __init__(self, *args: Any, entry: CatalogueEntry | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["usual"] = True
        if entry is not None:
            usual = set(entry.tiers) == rules.USUAL_TIERS[entry.grade]
            self.initial.update(
                grade=entry.grade,
                usual=usual,
                tiers=[] if usual else entry.tiers,
                note=entry.note,
                reason=entry.reason,
                **{name: getattr(entry, name) for name in SCORES},
            )
            for tier in rules.GRADED_TIERS:
                treated = [one.disease.code for one in entry.spectrum.all() if one.tier == tier]
                self.initial[tier.value] = " ".join(sorted(treated))

    def clean(self) -> dict[str, Any] | None:
        """The diseases named by their codes, each once."""
        data = super().clean() or {}
        self.diseases: dict[int, str] = {}
        for tier in rules.GRADED_TIERS:
            codes = set(data.get(tier.value, "").replace("，", " ").replace(",", " ").split())
            found = dict(Disease.objects.filter(code__in=codes).values_list("code", "pk"))
            unknown = sorted(codes - found.keys())
            if unknown:
                none = _("No disease has the code %(codes)s.")
                self.add_error(tier.value, none % {"codes": ", ".join(unknown)})
            twice = sorted(code for code, pk in found.items() if pk in self.diseases)
            if twice:
                other = _("%(codes)s is named at another tier already.")
                self.add_error(tier.value, other % {"codes": ", ".join(twice)})
            self.diseases |= dict.fromkeys(found.values(), tier.value)
        return data

    @property
    def values(self) -> dict[str, Any]:
        """What the action takes: the usual tiers written out."""
        data = self.cleaned_data
        tiers = rules.USUAL_TIERS[data["grade"]] if data["usual"] else data["tiers"]
        return {
            "grade": data["grade"],
            "tiers": tiers,
            "note": data["note"],
            "scores": {name: data[name] for name in SCORES},
            "reason": data["reason"],
            "diseases": self.diseases,
        }


class RequirementForm(forms.Form):
    """What a draft asks of a grade or of one technique."""

    grade = forms.ChoiceField(
        label=_("Grade"),
        required=False,
        choices=[("", _("one technique")), *TechniqueGrade.choices],
    )
    technique = LookupField(
        label=_("Technique"),
        required=False,
        url=reverse_lazy("api:technique-list"),
        value="code",
        names=("code", "name"),
        help_text=_("Only where no grade is chosen."),
    )
    side = forms.ChoiceField(label=_("Asked of"), choices=Side.choices)
    kind = forms.ChoiceField(label=_("Kind"), choices=RequirementKind.choices)
    subject = forms.CharField(
        label=_("Of what"),
        required=False,
        max_length=60,
        help_text=_(
            "Code of a specialty for beds, staff and departments; admissions or operations for"
            " volumes; supervised for cases; else its name."
        ),
    )
    minimum = forms.IntegerField(label=_("At least"), min_value=1, max_value=1_000_000, initial=1)
    unit = forms.CharField(
        label=_("Unit"), required=False, max_length=20, help_text=_("Empty: the usual one.")
    )
    source = forms.CharField(label=_("Source"), max_length=200)
    is_verified = forms.BooleanField(label=_("Verified at the source"), required=False)

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["technique"].rows = Technique.objects.visible_to(user)  # type: ignore[attr-defined]


class PublishForm(forms.Form):
    """From which day on a draft counts."""

    effective_from = forms.DateField(
        label=_("In force from"), widget=DateInput(), initial=timezone.localdate
    )
