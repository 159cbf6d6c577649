"""Fill an empty platform with the starter data; what is there already is left as it is."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from alliance.core import ledger
from alliance.core.pinyin import initials
from alliance.institutions.models import Alliance, Specialty

from .. import rules, starter
from ..choices import EditionStatus
from ..models import (
    CatalogueEdition,
    CatalogueEntry,
    Disease,
    EntryDisease,
    Requirement,
    Technique,
)
from ..signals import edition_published


@dataclass(frozen=True)
class StarterLoaded:
    """How many rows were added, and the first edition when one was published."""

    specialties: int
    diseases: int
    techniques: int
    edition: CatalogueEdition | None


@transaction.atomic
def load_starter(
    *, by: Any = None, alliance: Alliance | None = None, effective_from: date | None = None
) -> StarterLoaded:
    """Add missing specialties, diseases and techniques, and publish an alliance's first edition.

    A door of the operator (management command, demo data), not of a page; running it again adds
    nothing.
    """
    before = _counts()
    _load_specialties()
    specialties = dict(Specialty.objects.values_list("code", "pk"))
    _load_diseases(specialties)
    _load_techniques(specialties)
    added = _counts()
    edition = None
    if alliance is not None:
        edition = _first_edition(alliance, effective_from or timezone.localdate(), by)
    return StarterLoaded(
        specialties=added[0] - before[0],
        diseases=added[1] - before[1],
        techniques=added[2] - before[2],
        edition=edition,
    )


def _counts() -> tuple[int, int, int]:
    return Specialty.objects.count(), Disease.objects.count(), Technique.objects.count()


def _load_specialties() -> None:
    Specialty.objects.bulk_create(
        (Specialty(code=row.code, name=row.name) for row in starter.specialties()),
        ignore_conflicts=True,
    )


def _load_diseases(specialties: Mapping[str, int]) -> None:
    Disease.objects.bulk_create(
        (
            Disease(
                code=row.code,
                name=row.name,
                pinyin=initials(row.name)[:200],
                specialty_id=specialties[row.specialty],
                group=row.group,
                best_tier=row.best_tier,
                is_first_visit=row.first_visit,
                is_common=True,
                source=row.source[:200],
            )
            for row in starter.diseases()
        ),
        ignore_conflicts=True,
    )


def _load_techniques(specialties: Mapping[str, int]) -> None:
    Technique.objects.bulk_create(
        (
            Technique(
                code=row.code,
                name=row.name,
                pinyin=initials(row.name)[:200],
                specialty_id=specialties[row.specialty],
                category=row.category,
                national_level=row.national_level,
                is_minimally_invasive=row.is_minimally_invasive,
                is_restricted=row.is_restricted,
                is_common=True,
                source=row.source[:200],
            )
            for row in starter.techniques()
        ),
        ignore_conflicts=True,
    )


def _first_edition(alliance: Alliance, effective_from: date, by: Any) -> CatalogueEdition | None:
    """The alliance's first edition, graded as the starter data says; None when it has one."""
    Alliance.objects.select_for_update().get(pk=alliance.pk)
    if CatalogueEdition.objects.published().filter(alliance=alliance).exists():
        return None
    edition = CatalogueEdition.objects.create(
        alliance=alliance,
        name=_("First edition"),
        created_by=by,
        note=_("Starting values: the alliance reviews every grade."),
    )
    _fill(edition)
    edition.status = EditionStatus.PUBLISHED
    edition.effective_from = effective_from
    edition.published_at = timezone.now()
    edition.published_by = by
    edition.save()
    ledger.record(
        "edition.published",
        by=by,
        subject=edition,
        alliance_id=alliance.pk,
        effective_from=str(effective_from),
        entries=edition.entries.count(),
    )
    edition_published.send(sender=CatalogueEdition, edition_id=edition.pk)
    return edition


def _fill(edition: CatalogueEdition) -> None:
    """Grades, scores, diseases and requirements of the starter data."""
    ids = dict(Technique.objects.values_list("code", "pk"))
    scored = {row.code: row for row in starter.scores()}
    entries = CatalogueEntry.objects.bulk_create(
        CatalogueEntry(
            edition=edition,
            technique_id=ids[row.code],
            grade=row.grade,
            tiers=rules.in_tier_order(row.tiers),
            note=row.note[:200],
            reason=scored[row.code].reason[:200],
            **scored[row.code].scores,
        )
        for row in starter.techniques()
    )
    by_technique = {entry.technique_id: entry for entry in entries}
    diseases = dict(Disease.objects.values_list("code", "pk"))
    EntryDisease.objects.bulk_create(
        EntryDisease(
            entry=by_technique[ids[row.code]], disease_id=diseases[row.disease], tier=row.tier
        )
        for row in starter.spectrum()
    )
    Requirement.objects.bulk_create(
        Requirement(
            edition=edition,
            grade=row.grade,
            technique_id=None if row.grade else ids[row.code],
            side=row.side,
            kind=row.kind,
            subject=row.subject,
            minimum=row.minimum,
            unit=row.unit,
            source=row.source[:200],
            is_verified=row.verified,
        )
        for row in starter.requirements()
    )
