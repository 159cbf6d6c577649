"""What was done to devices is put on record, and taken back where it was entered wrongly."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from alliance.core import ledger
from alliance.core.errors import DomainError
from alliance.core.saving import store
from alliance.core.transactions import one_transaction

from .. import rules
from ..choices import GOOD_RESULTS, OutageReason, Result
from ..models import MaintenancePlan, Outage, ServiceRecord
from . import files, outages
from .plans import locked, recompute


@one_transaction
def record_service(
    *,
    plan: MaintenancePlan,
    done_on: date,
    by: Any,
    result: str = Result.PASSED,
    certificate_number: str = "",
    valid_until: date | None = None,
    agency: str = "",
    cost: Decimal | None = None,
    note: str = "",
    file: Any = None,
) -> ServiceRecord:
    """Put a calibration or maintenance on record; the plan's next due day follows from it.

    A failed one, unless a later one is known, takes the device out of service; the next one that
    passes brings it back.
    """
    row = locked(plan, by)
    paper = files.checked(file, "file")
    record = ServiceRecord(
        device=row.device,
        plan=row,
        kind=row.kind,
        done_on=done_on,
        result=result,
        certificate_number=certificate_number.strip(),
        valid_until=valid_until,
        agency=agency.strip() or row.agency,
        cost=cost,
        note=note.strip(),
        recorded_by=by,
    )
    _put_on_record(row, record, by)
    files.keep(paper, by=by, record=record)
    return record


def _put_on_record(plan: MaintenancePlan, record: ServiceRecord, by: Any) -> None:
    errors = rules.done_errors(
        done_on=record.done_on,
        in_use_from=record.device.in_use_from,
        today=timezone.localdate(),
        valid_until=record.valid_until,
        passed=record.result in GOOD_RESULTS,
    )
    store(record, errors)
    _settle(plan, record, by)
    record.refresh_from_db(fields=["due_on"])
    ledger.record(
        "service.recorded",
        by=by,
        subject=record,
        institution_id=record.device.owner_id,
        plan=plan.name,
        done_on=record.done_on,
        result=record.result,
    )


@one_transaction
def void_record(*, record: ServiceRecord, reason: str, by: Any) -> ServiceRecord:
    """Take back a record that was entered wrongly; the row stays, and the plan is due as before."""
    plan = record.plan
    if plan is None:
        raise DomainError("no_plan", _("This record belongs to no plan."))
    row = locked(plan, by)
    mine: ServiceRecord = ServiceRecord.objects.select_for_update().get(pk=record.pk)
    if mine.voided_at is not None:
        raise DomainError("voided_already", _("This record was taken back already."))
    if not reason.strip():
        raise ValidationError({"reason": _("Say why.")})
    mine.voided_at, mine.voided_by, mine.void_reason = timezone.now(), by, reason.strip()
    mine.due_on = None
    store(mine)
    outages.close(mine.outages.all(), at=timezone.now(), by=by)
    recompute(row)
    ledger.record(
        "service.voided",
        by=by,
        subject=mine,
        institution_id=row.device.owner_id,
        reason=mine.void_reason,
    )
    outages.changed([row.device_id])
    return mine


def _settle(plan: MaintenancePlan, record: ServiceRecord, by: Any) -> None:
    """The due day, and whether the device goes down or comes back."""
    now = timezone.now()
    is_last = not plan.records.standing().filter(done_on__gt=record.done_on).exists()
    if is_last:
        stopped = Outage.objects.filter(record__plan=plan, ends_at=None)
        outages.close(stopped, at=now, by=by)
    if is_last and record.result == Result.FAILED:
        note = f"{plan.name} {record.note}".strip()
        outages.open_outages(
            [plan.device_id], reason=OutageReason.CHECK, at=now, note=note, by=by, record=record
        )
    recompute(plan)
    outages.changed([plan.device_id])
