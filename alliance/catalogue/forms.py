"""Forms of the catalogue pages."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.core.forms import CreateForm, DateInput

from . import rules
from .choices import TechniqueGrade
from .models import CatalogueEntry


class DraftForm(CreateForm):
    """Name and note of a draft edition."""

    name = forms.CharField(label=_("Name of the edition"), max_length=60)
    note = forms.CharField(
        label=_("Note"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What this edition is about, for those who will read it."),
    )


class EntryForm(forms.Form):
    """Grade and tiers of one technique in a draft."""

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
            )

    @property
    def values(self) -> dict[str, Any]:
        """What the action takes: the usual tiers written out."""
        data = self.cleaned_data
        tiers = rules.USUAL_TIERS[data["grade"]] if data["usual"] else data["tiers"]
        return {"grade": data["grade"], "tiers": tiers, "note": data["note"]}


class PublishForm(forms.Form):
    """From which day on a draft counts."""

    effective_from = forms.DateField(
        label=_("In force from"), widget=DateInput(), initial=timezone.localdate
    )
