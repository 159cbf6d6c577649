"""Records of the past: entered, proved by a paper, confirmed by somebody else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import ContentFile
from django.utils import timezone
from django.utils.translation import gettext as _

from alliance.core import ledger, outbox, versions
from alliance.core.errors import DomainError
from alliance.core.saving import validated
from alliance.core.transactions import one_transaction
from alliance.core.uploads import CheckedFile
from alliance.institutions.policies import insist
from alliance.institutions.selectors import alliances_of
from alliance.people.models import Practitioner

from .. import policies, rules
from ..choices import PriorState
from ..models import PriorRecord
from .looking import look_soon


@one_transaction
def record_prior(
    *,
    practitioner: Practitioner,
    values: Mapping[str, Any],
    by: Any,
    evidence: CheckedFile | None = None,
) -> PriorRecord:
    """Enter what a doctor learnt before; it counts once somebody else has confirmed it."""
    house = practitioner.institution
    insist(policies.may_record(by, practitioner_id=practitioner.pk, institution_id=house.pk))
    today = timezone.localdate()
    alliances = alliances_of(house.pk, on=today)
    if not alliances:
        raise DomainError("not_a_member", _("This institution belongs to no alliance then."))
    row = PriorRecord(
        alliance=alliances[0],
        practitioner=practitioner,
        institution=house,
        recorded_by=by,
        **values,
    )
    validated(row, rules.prior_errors(values, on=today))
    if evidence is not None:
        _keep(row, evidence)
    row.save()
    _tell(row, "prior.recorded", by, kind=row.kind)
    return row


@one_transaction
def attach_evidence(
    *, record: PriorRecord, evidence: CheckedFile, by: Any, version: int
) -> PriorRecord:
    """Attach the paper that proves a record; a better copy replaces it until it is decided."""
    row = _locked(record, version)
    if row.state != PriorState.WAITING:
        raise _decided(row)
    insist(policies.may_attach(by, row))
    _keep(row, evidence)
    row.version += 1
    row.save()
    _tell(row, "prior.attached", by, sha256=row.sha256)
    return row


@one_transaction
def decide_prior(
    *, record: PriorRecord, accepted: bool, note: str = "", by: Any, version: int
) -> PriorRecord:
    """Let a record count, or not, with the reason; by somebody who has looked at the paper."""
    row = _locked(record, version)
    if row.state != PriorState.WAITING:
        raise _decided(row)
    if not policies.may_decide(by, row):
        raise PermissionDenied(
            _("Somebody else has to confirm it: neither the doctor nor who entered it.")
        )
    if accepted and not row.evidence:
        raise DomainError("no_evidence", _("Attach the evidence first."))
    if not accepted and not note.strip():
        raise ValidationError({"note": _("Say why.")})
    row.state = PriorState.CONFIRMED if accepted else PriorState.REFUSED
    row.decided_by, row.decided_at, row.decision_note = by, timezone.now(), note.strip()
    row.version += 1
    row.save()
    _tell(row, "prior.confirmed" if accepted else "prior.refused", by, reason=note.strip())
    outbox.put("programmes.prior_decided", record_id=row.pk)
    if accepted:
        look_soon(practitioner_ids=[row.practitioner_id])
    return row


def note_reading(*, record: PriorRecord, by: Any) -> None:
    """Keep in the ledger that somebody opened the evidence."""
    _tell(record, "prior.read", by)


def _keep(row: PriorRecord, file: CheckedFile) -> None:
    row.evidence_name, row.sha256 = file.name, file.sha256
    row.evidence.save(f"{row.public_id}{file.kind.suffix}", ContentFile(file.content), save=False)


def _locked(record: PriorRecord, version: int) -> PriorRecord:
    row: PriorRecord = PriorRecord.objects.select_for_update().get(pk=record.pk)
    versions.check(row, version)
    return row


def _decided(row: PriorRecord) -> DomainError:
    state = {"state": PriorState(row.state).label}
    return DomainError("prior_decided", _("This record is decided already: %(state)s.") % state)


def _tell(row: PriorRecord, act: str, by: Any, **data: Any) -> None:
    ledger.record(act, by=by, subject=row, institution_id=row.institution_id, **data)
