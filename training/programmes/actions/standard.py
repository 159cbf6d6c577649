"""The standard programmes of an alliance, from its catalogue edition in force."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from alliance.catalogue.models import Technique
from alliance.catalogue.selectors import edition_in_force
from alliance.core import ledger
from alliance.core.errors import DomainError
from alliance.core.policy import policies as numbers_of
from alliance.core.transactions import one_transaction
from alliance.institutions.models import Alliance
from alliance.institutions.policies import insist

from .. import policies, starter
from ..choices import ProgrammeKind, VersionStatus
from ..models import Programme, ProgrammeVersion, Stage, StageRequirement
from ..starter import StageDraft

Wanted = tuple[Programme, list[StageDraft]]


@one_transaction
def make_standard_programmes(*, alliance: Alliance, by: Any, on: date) -> int:
    """Make and publish a programme for each technique of the edition, and the general ones.

    What the alliance has already stays as it is, so asked again after a new edition it adds what is
    new. Returns how many were made. `by` None is the platform itself, when it founds an alliance.
    """
    if by is not None:
        insist(policies.may_manage_programmes(by, alliance.pk))
    edition = edition_in_force(alliance_id=alliance.pk, on=on)
    if edition is None:
        raise DomainError("no_edition", _("Publish an edition of the catalogue first."))
    techniques = list(
        Technique.objects.filter(entries__edition=edition, is_active=True).order_by("code")
    )
    wanted = _missing(alliance, _wanted(alliance, techniques, on))
    _store(wanted, by=by, on=on)
    ledger.record("programme.standard_made", by=by, subject=alliance, rows=len(wanted))
    return len(wanted)


def _wanted(alliance: Alliance, techniques: Sequence[Technique], on: date) -> list[Wanted]:
    numbers = numbers_of(alliance_id=alliance.pk, on=on, prefix="programme.")
    found = [
        (
            _programme(alliance, ProgrammeKind.TECHNIQUE, technique.name, technique=technique),
            starter.technique_stages(
                is_minimally_invasive=technique.is_minimally_invasive,
                numbers=numbers,  # type: ignore[arg-type]
            ),
        )
        for technique in techniques
    ]
    general = [
        (ProgrammeKind.FELLOWSHIP, starter.fellowship_stages(numbers)),  # type: ignore[arg-type]
        (ProgrammeKind.GATEKEEPER, starter.gatekeeper_stages(numbers)),  # type: ignore[arg-type]
        (ProgrammeKind.ENTRY, starter.entry_stages()),
    ]
    found += [(_programme(alliance, kind, str(kind.label)), stages) for kind, stages in general]
    return found


def _programme(alliance: Alliance, kind: ProgrammeKind, name: str, **more: Any) -> Programme:
    return Programme(alliance=alliance, kind=kind, name=name[:100], is_offered=True, **more)


def _missing(alliance: Alliance, wanted: Sequence[Wanted]) -> list[Wanted]:
    rows = Programme.objects.filter(alliance=alliance)
    names, techniques = (
        set(rows.values_list("name", flat=True)),
        set(rows.filter(kind=ProgrammeKind.TECHNIQUE).values_list("technique_id", flat=True)),
    )
    kinds = set(rows.values_list("kind", flat=True))
    left = []
    for programme, stages in wanted:
        if programme.technique_id:
            known = programme.technique_id in techniques
        else:
            known = programme.kind in kinds
        if not known and programme.name not in names:
            names.add(programme.name)
            left.append((programme, stages))
    return left


def _store(wanted: Sequence[Wanted], *, by: Any, on: date) -> None:
    """Everything in four statements, however many techniques there are."""
    Programme.objects.bulk_create([programme for programme, _stages in wanted])
    made = ProgrammeVersion.objects.bulk_create(
        ProgrammeVersion(
            programme=programme,
            number=1,
            status=VersionStatus.PUBLISHED,
            effective_from=on,
            published_at=timezone.now(),
            published_by=by,
        )
        for programme, _stages in wanted
    )
    drafts = [
        (Stage(version=version, order=place, kind=one.kind, name=str(one.name)), one)
        for version, (_programme_, stages) in zip(made, wanted, strict=True)
        for place, one in enumerate(stages, start=1)
    ]
    Stage.objects.bulk_create([stage for stage, _one in drafts])
    StageRequirement.objects.bulk_create(
        StageRequirement(stage=stage, order=place, **{**need, "label": str(need["label"])})
        for stage, one in drafts
        for place, need in enumerate(one.needs, start=1)
    )
