"""What others may ask of the technique catalogue: always as of a date."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from alliance.institutions.choices import Tier

from . import rules
from .choices import EditionStatus
from .models import CatalogueEdition, CatalogueEntry, Technique


@dataclass(frozen=True)
class GradeAnswer:
    """How an alliance grades a technique on a date, and since when."""

    grade: str
    tiers: frozenset[str]
    edition_id: int
    effective_from: date

    def allows(self, tier: str) -> bool:
        """Whether institutions of `tier` may do it; a village clinic counts as its township."""
        return (Tier.TOWNSHIP if tier == Tier.VILLAGE else tier) in self.tiers


def edition_in_force(*, alliance_id: int, on: date) -> CatalogueEdition | None:
    """The edition of an alliance that counts on a date."""
    return CatalogueEdition.objects.in_force(alliance_id=alliance_id, on=on).first()


def grades_for(
    technique_ids: Iterable[int], *, on: date, alliance_id: int
) -> dict[int, GradeAnswer]:
    """The grades of many techniques on a date, in one query; ungraded ones are left out."""
    edition = CatalogueEdition.objects.in_force(alliance_id=alliance_id, on=on)
    entries = CatalogueEntry.objects.filter(
        technique_id__in=list(technique_ids), edition__in=edition.values("pk")
    ).values_list("technique_id", "grade", "tiers", "edition_id", "edition__effective_from")
    return {
        technique_id: GradeAnswer(grade, frozenset(tiers), edition_id, effective_from)
        for technique_id, grade, tiers, edition_id, effective_from in entries
    }


def technique_grade(technique_id: int, *, on: date, alliance_id: int) -> GradeAnswer | None:
    """How the alliance grades a technique on a date; None when it is in no edition in force."""
    return grades_for([technique_id], on=on, alliance_id=alliance_id).get(technique_id)


def tier_may(technique_id: int, tier: str, *, on: date, alliance_id: int) -> bool:
    """Whether institutions of `tier` may do a technique on a date; an ungraded one nobody may."""
    answer = technique_grade(technique_id, on=on, alliance_id=alliance_id)
    return answer is not None and answer.allows(tier)


def newest_published(*, alliance_id: int) -> CatalogueEdition | None:
    """The published edition of an alliance that takes effect last, now or later."""
    published = CatalogueEdition.objects.published().filter(alliance_id=alliance_id)
    return published.order_by("-effective_from").first()


def predecessor(edition: CatalogueEdition) -> CatalogueEdition | None:
    """The edition this one follows: in force the day before it, or the newest for a draft."""
    if edition.status == EditionStatus.DRAFT or edition.effective_from is None:
        return newest_published(alliance_id=edition.alliance_id)
    return edition_in_force(
        alliance_id=edition.alliance_id, on=edition.effective_from - timedelta(days=1)
    )


@dataclass(frozen=True)
class Row:
    """One technique that two editions treat differently."""

    technique: Technique
    kind: str
    before: rules.EntryFacts | None
    after: rules.EntryFacts | None


def compare(edition: CatalogueEdition, previous: CatalogueEdition | None) -> list[Row]:
    """What `edition` adds, removes and changes against `previous`, by technique code."""
    found = rules.differences(_facts(previous) if previous else {}, _facts(edition))
    techniques = Technique.objects.in_bulk([row.technique_id for row in found])
    rows = [Row(techniques[d.technique_id], d.kind, d.before, d.after) for d in found]
    return sorted(rows, key=lambda row: row.technique.code)


def change_kinds(edition: CatalogueEdition) -> dict[int, str]:
    """How each technique differs from the edition before, by technique id; nothing for the first."""
    previous = predecessor(edition)
    if previous is None:
        return {}
    found = rules.differences(_facts(previous), _facts(edition))
    return {difference.technique_id: difference.kind for difference in found}


def _facts(edition: CatalogueEdition) -> dict[int, rules.EntryFacts]:
    entries = edition.entries.values_list("technique_id", "grade", "tiers")
    return {pk: rules.EntryFacts(grade, frozenset(tiers)) for pk, grade, tiers in entries}
