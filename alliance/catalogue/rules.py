"""Pure rules of the technique catalogue: usual tiers, and what differs between two editions."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from alliance.institutions.choices import TIER_RANK, Tier

from .choices import TechniqueGrade

# Where an entry may say a technique is done; a village clinic follows its township.
GRADED_TIERS = (Tier.TOWNSHIP, Tier.COUNTY, Tier.TERTIARY)

# basic at the township and above, advanced at the county and above, complex at the tertiary.
USUAL_TIERS: Mapping[str, frozenset[str]] = {
    TechniqueGrade.BASIC: frozenset({Tier.TOWNSHIP, Tier.COUNTY, Tier.TERTIARY}),
    TechniqueGrade.ADVANCED: frozenset({Tier.COUNTY, Tier.TERTIARY}),
    TechniqueGrade.COMPLEX: frozenset({Tier.TERTIARY}),
}


def entry_errors(*, grade: str, tiers: Collection[str], note: str) -> dict[str, Any]:
    """What is wrong with one row of an edition: `{field: sentence}`."""
    if grade not in USUAL_TIERS:
        return {"grade": _("Choose a grade.")}
    if not tiers:
        return {"tiers": _("Name at least one tier.")}
    if not set(tiers) <= set(GRADED_TIERS):
        return {
            "tiers": _("Choose among township, county and tertiary; villages follow townships.")
        }
    if set(tiers) != USUAL_TIERS[grade] and not note.strip():
        return {"note": _("These tiers are unusual for the grade: say why.")}
    return {}


def in_tier_order(tiers: Collection[str]) -> list[str]:
    """Tiers from the lowest up, so that equal sets are stored alike."""
    return sorted(set(tiers), key=TIER_RANK.__getitem__)


@dataclass(frozen=True)
class EntryFacts:
    """What an edition says of a technique."""

    grade: str
    tiers: frozenset[str]


@dataclass(frozen=True)
class Difference:
    """One technique that two editions treat differently; None where one does not name it."""

    technique_id: int
    before: EntryFacts | None
    after: EntryFacts | None

    @property
    def kind(self) -> str:
        """added, removed or changed."""
        if self.before is None:
            return "added"
        return "removed" if self.after is None else "changed"


def differences(
    before: Mapping[int, EntryFacts], after: Mapping[int, EntryFacts]
) -> list[Difference]:
    """Every technique that the two editions treat differently, by technique id."""
    return [
        Difference(pk, before.get(pk), after.get(pk))
        for pk in sorted(before.keys() | after.keys())
        if before.get(pk) != after.get(pk)
    ]
