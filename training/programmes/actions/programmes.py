"""Programmes are made, published in versions, closed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from alliance.core import ledger, versions
from alliance.core.errors import DomainError
from alliance.core.saving import assign, store
from alliance.core.transactions import one_transaction
from alliance.institutions.models import Alliance
from alliance.institutions.policies import insist

from .. import policies
from ..choices import VersionStatus
from ..models import Programme, ProgrammeVersion, StageRequirement
from .drafting import locked_draft

# What may be changed once people are enrolled: words, not what it leads to.
EDITABLE = ("name", "summary")


@one_transaction
def create_programme(*, alliance: Alliance, values: Mapping[str, Any], by: Any) -> Programme:
    """Make a programme with an empty first version."""
    insist(policies.may_manage_programmes(by, alliance.pk))
    row = Programme(alliance=alliance, **values)
    store(row)
    ProgrammeVersion.objects.create(programme=row, number=1)
    ledger.record("programme.created", by=by, subject=row, kind=row.kind, name=row.name)
    return row


@one_transaction
def update_programme(
    *, programme: Programme, values: Mapping[str, Any], version: int, by: Any
) -> Programme:
    """Change a programme's name and summary."""
    row = _locked(programme, by, version)
    changed = assign(row, {name: values[name] for name in EDITABLE if name in values})
    if changed:
        row.version += 1
        store(row)
        ledger.record("programme.updated", by=by, subject=row, changed=changed)
    return row


@one_transaction
def offer(*, programme: Programme, offered: bool, version: int, by: Any) -> Programme:
    """Close a programme to new enrolments, or open it again; who is in it goes on."""
    row = _locked(programme, by, version)
    published = row.versions.filter(status=VersionStatus.PUBLISHED).exists()
    if offered and not published:
        raise DomainError("nothing_published", _("Publish a version first."))
    if row.is_offered != offered:
        row.is_offered = offered
        row.version += 1
        row.save()
        act = "programme.reopened" if offered else "programme.closed"
        ledger.record(act, by=by, subject=row)
    return row


@one_transaction
def begin_version(*, programme: Programme, by: Any) -> ProgrammeVersion:
    """Begin a draft as a copy of the newest version; asked again, it is the same draft."""
    row = _locked(programme, by)
    draft = row.versions.filter(status=VersionStatus.DRAFT).first()
    if draft is not None:
        return draft
    newest = row.versions.latest("number")
    number = newest.number + 1
    made = ProgrammeVersion.objects.create(programme=row, number=number)
    _copy(newest, made)
    ledger.record("programme.version_begun", by=by, subject=row, number=number)
    return made


@one_transaction
def publish_version(
    *, draft: ProgrammeVersion, effective_from: date, note: str = "", version: int, by: Any
) -> ProgrammeVersion:
    """Let a version count from a date; who is enrolled already stays in theirs."""
    row = locked_draft(draft, by, version)
    _complete(row)
    if effective_from < timezone.localdate():
        raise ValidationError({"effective_from": _("Choose today or a later day.")})
    row.status, row.effective_from, row.note = VersionStatus.PUBLISHED, effective_from, note.strip()
    row.published_at, row.published_by = timezone.now(), by
    row.version += 1
    store(row)
    Programme.objects.filter(pk=row.programme_id, is_offered=False).update(is_offered=True)
    ledger.record(
        "programme.version_published",
        by=by,
        subject=row.programme,
        number=row.number,
        effective_from=str(effective_from),
    )
    return row


def _copy(source: ProgrammeVersion, target: ProgrammeVersion) -> None:
    for stage in source.stages.prefetch_related("requirements").order_by("order"):
        needs = list(stage.requirements.all())
        stage.pk, stage.version = None, target
        stage.save(force_insert=True)
        for need in needs:
            need.pk, need.stage = None, stage
        StageRequirement.objects.bulk_create(needs)


def _complete(row: ProgrammeVersion) -> None:
    """Refuse a version in which a stage asks for nothing: it would be passed unseen."""
    stages = list(row.stages.prefetch_related("requirements"))
    if not stages:
        raise DomainError("no_stages", _("Add stages first."))
    empty = [stage.name for stage in stages if not stage.requirements.all()]
    if empty:
        message = _("Say what these stages ask for, or remove them: %(stages)s.")
        raise DomainError("empty_stages", message % {"stages": "、".join(empty)}, stages=empty)


def _locked(programme: Programme, by: Any, version: int | None = None) -> Programme:
    row: Programme = Programme.objects.select_for_update().get(pk=programme.pk)
    versions.check(row, version)
    insist(policies.may_manage_programmes(by, row.alliance_id))
    return row
