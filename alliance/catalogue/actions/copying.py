"""A draft begins as a whole copy: grades, scores, diseases, requirements."""

from ..choices import SCORES
from ..models import CatalogueEdition, CatalogueEntry, EntryDisease, Requirement

_ENTRY = ("technique_id", "grade", "tiers", "note", "reason", *SCORES)
_REQUIREMENT = (
    "grade",
    "technique_id",
    "side",
    "kind",
    "subject",
    "minimum",
    "unit",
    "source",
    "is_verified",
)


def copy_contents(*, base: CatalogueEdition, edition: CatalogueEdition) -> None:
    """Everything that `base` says, written into the empty draft `edition`."""
    entries = CatalogueEntry.objects.bulk_create(
        CatalogueEntry(edition=edition, **{name: getattr(entry, name) for name in _ENTRY})
        for entry in base.entries.all()
    )
    ours = {entry.technique_id: entry for entry in entries}
    EntryDisease.objects.bulk_create(
        EntryDisease(entry=ours[row.entry.technique_id], disease_id=row.disease_id, tier=row.tier)
        for row in EntryDisease.objects.filter(entry__edition=base).select_related("entry")
    )
    Requirement.objects.bulk_create(
        Requirement(edition=edition, **{name: getattr(row, name) for name in _REQUIREMENT})
        for row in base.requirements.all()
    )
