"""A draft version is edited: stages and what they ask for, put right and put in order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Max
from django.utils.translation import gettext as _

from alliance.core import ledger, versions
from alliance.core.errors import DomainError
from alliance.core.saving import assign, store, validated
from alliance.core.transactions import one_transaction
from alliance.institutions.policies import insist

from .. import policies, rules
from ..choices import VersionStatus, Way
from ..models import ProgrammeVersion, Stage, StageRequirement

_FAULTS = {
    "missing": lambda: _("Choose what has to be reached here."),
    "both": lambda: _("Name one, or choose any of a kind; not both."),
    "not_here": lambda: _("This does not belong to a requirement of this kind."),
}


@one_transaction
def add_stage(
    *, draft: ProgrammeVersion, values: Mapping[str, Any], version: int, by: Any
) -> Stage:
    """Add a stage at the end of a draft."""
    row = locked_draft(draft, by, version)
    stage = Stage(version=row, order=_last(row.stages) + 1, **values)
    store(stage)
    _touch(row, by, stage=stage.name)
    return stage


@one_transaction
def update_stage(
    *, draft: ProgrammeVersion, stage: Stage, values: Mapping[str, Any], version: int, by: Any
) -> Stage:
    """Put right what a stage of a draft is called, and of what kind it is."""
    row = locked_draft(draft, by, version)
    found: Stage = row.stages.get(pk=stage.pk)
    if changed := assign(found, values):
        store(found)
        _touch(row, by, stage=found.name, edited=sorted(changed))
    return found


@one_transaction
def move_stage(
    *, draft: ProgrammeVersion, stage: Stage, way: str, version: int, by: Any
) -> ProgrammeVersion:
    """Let a stage of a draft change places with its neighbour; at the end nothing changes."""
    row = locked_draft(draft, by, version)
    stages = list(row.stages.order_by("order"))
    if _swap(stages, stage, way):
        # The table allows no two stages in one place, not even on the way: first beyond the end.
        end = stages[0].order + _last(row.stages) + 1
        for places in (range(end, end + len(stages)), range(1, len(stages) + 1)):
            _number(stages, places)
        _touch(row, by, stage=stage.name, way=Way(way).value)
    return row


@one_transaction
def remove_stage(*, draft: ProgrammeVersion, stage: Stage, version: int, by: Any) -> None:
    """Take a stage with its requirements out of a draft."""
    row = locked_draft(draft, by, version)
    row.stages.filter(pk=stage.pk).delete()
    _touch(row, by, stage=stage.name)


@one_transaction
def add_requirement(
    *, draft: ProgrammeVersion, stage: Stage, values: Mapping[str, Any], version: int, by: Any
) -> StageRequirement:
    """Add something that a stage of a draft asks for."""
    row = locked_draft(draft, by, version)
    _insist_of(row, stage)
    made = new_requirement(stage, values)
    _touch(row, by, stage=stage.name, requirement=made.label)
    return made


@one_transaction
def update_requirement(
    *,
    draft: ProgrammeVersion,
    requirement: StageRequirement,
    stage: Stage,
    values: Mapping[str, Any],
    version: int,
    by: Any,
) -> StageRequirement:
    """Put right what a draft asks for; in another stage it stands last."""
    row = locked_draft(draft, by, version)
    _insist_of(row, stage)
    found = StageRequirement.objects.get(stage__version=row, pk=requirement.pk)
    changed = assign(found, {"stage": stage, **values})
    if "stage" in changed:
        found.order = _last(stage.requirements) + 1
    if changed:
        _checked(found, values)
        found.save()
        _touch(row, by, stage=stage.name, requirement=found.label, edited=sorted(changed))
    return found


@one_transaction
def move_requirement(
    *,
    draft: ProgrammeVersion,
    requirement: StageRequirement,
    way: str,
    version: int,
    by: Any,
) -> ProgrammeVersion:
    """Let a requirement change places with its neighbour in the stage; at the end nothing changes."""
    row = locked_draft(draft, by, version)
    needs = list(
        StageRequirement.objects.filter(stage__version=row, stage=requirement.stage_id).order_by(
            "order", "pk"
        )
    )
    if _swap(needs, requirement, way):
        _number(needs, range(1, len(needs) + 1))
        _touch(row, by, requirement=requirement.label, way=Way(way).value)
    return row


@one_transaction
def remove_requirement(
    *, draft: ProgrammeVersion, requirement: StageRequirement, version: int, by: Any
) -> None:
    """Take a requirement out of a draft."""
    row = locked_draft(draft, by, version)
    StageRequirement.objects.filter(stage__version=row, pk=requirement.pk).delete()
    _touch(row, by, requirement=requirement.label)


def new_requirement(stage: Stage, values: Mapping[str, Any]) -> StageRequirement:
    """Store what a stage asks for, at its end; ValidationError by field."""
    made = StageRequirement(stage=stage, order=_last(stage.requirements) + 1, **values)
    _checked(made, values)
    made.save()
    return made


def locked_draft(draft: ProgrammeVersion, by: Any, version: int) -> ProgrammeVersion:
    """The draft for this transaction alone, as it was seen, for who maintains programmes."""
    row: ProgrammeVersion = (
        ProgrammeVersion.objects.select_for_update(of=("self",))
        .select_related("programme")
        .get(pk=draft.pk)
    )
    versions.check(row, version)
    insist(policies.may_manage_programmes(by, row.programme.alliance_id))
    if row.status != VersionStatus.DRAFT:
        raise DomainError(
            "version_published", _("A published version never changes. Begin a new one.")
        )
    return row


def _checked(row: StageRequirement, values: Mapping[str, Any]) -> None:
    faults = rules.requirement_faults(row.kind, values)
    validated(row, {name: _FAULTS[code]() for name, code in faults.items()})


def _insist_of(row: ProgrammeVersion, stage: Stage) -> None:
    if stage.version_id != row.pk:
        raise ValidationError({"stage": _("Choose a stage of this version.")})


def _last(rows: Any) -> int:
    """The last place that is taken."""
    return int(rows.aggregate(most=Max("order"))["most"] or 0)


def _swap(rows: list[Any], one: Any, way: str) -> bool:
    """Exchange a row with its neighbour; False where there is none on that side."""
    here = next(place for place, row in enumerate(rows) if row.pk == one.pk)
    there = here + (1 if way == Way.DOWN else -1)
    if not 0 <= there < len(rows):
        return False
    rows[here], rows[there] = rows[there], rows[here]
    return True


def _number(rows: Sequence[Any], places: Sequence[int]) -> None:
    for row, place in zip(rows, places, strict=True):
        row.order = place
    type(rows[0]).objects.bulk_update(rows, ["order"])


def _touch(row: ProgrammeVersion, by: Any, **data: Any) -> None:
    row.version += 1
    row.save()
    ledger.record(
        "programme.version_edited", by=by, subject=row.programme, number=row.number, **data
    )
