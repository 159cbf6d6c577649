"""Plans of calibration and maintenance are made, changed and ended."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from alliance.core import ledger, versions
from alliance.core.errors import DomainError
from alliance.core.policy import policy
from alliance.core.saving import assign, store, validated
from alliance.core.transactions import one_transaction
from alliance.institutions.policies import insist
from equipment.devices.models import Device
from equipment.devices.selectors import alliance_of

from .. import policies, rules
from ..choices import FirstDue
from ..models import MaintenancePlan, ServiceRecord
from .outages import changed

FIELDS = ("kind", "name", "months", "first_due_on", "stops_use", "agency", "note")


@one_transaction
def make_plan(*, device: Device, values: Mapping[str, Any], by: Any) -> MaintenancePlan:
    """Plan a check that comes round; FIELDS say what, how often and from when on."""
    row: Device = Device.objects.select_for_update().get(pk=device.pk)
    insist(policies.may_keep(by, row.owner_id))
    if row.retired_on is not None:
        raise ValidationError({"device": _("This device is off the register already.")})
    plan = MaintenancePlan(device=row, created_by=by)
    assign(plan, {name: values[name] for name in FIELDS if name in values})
    plan.due_on = plan.first_due_on
    store(plan, _looser_than_policy(plan))
    ledger.record("plan.made", by=by, subject=plan, institution_id=row.owner_id, name=plan.name)
    changed([row.pk])
    return plan


@one_transaction
def change_plan(
    *, plan: MaintenancePlan, values: Mapping[str, Any], version: int, by: Any
) -> MaintenancePlan:
    """Change what is done, how often or from when on; the next due day follows."""
    row = locked(plan, by)
    versions.check(row, version)
    changes = assign(row, {name: values[name] for name in FIELDS if name in values})
    validated(row, _looser_than_policy(row))
    if "first_due_on" in changes:
        row.first_due_why, row.last_on = FirstDue.CHOSEN, None
    row.version += 1
    store(row)
    recompute(row)
    ledger.record(
        "plan.changed", by=by, subject=row, institution_id=row.device.owner_id, changed=changes
    )
    changed([row.device_id])
    return row


@one_transaction
def end_plan(*, plan: MaintenancePlan, reason: str, version: int, by: Any) -> MaintenancePlan:
    """Stop asking for a check; what was done stays on record."""
    row = locked(plan, by)
    versions.check(row, version)
    reason = reason.strip()
    if not reason:
        raise ValidationError({"reason": _("Say why.")})
    row.ended_at, row.ended_by = timezone.now(), by
    row.version += 1
    store(row)
    ledger.record(
        "plan.ended", by=by, subject=row, institution_id=row.device.owner_id, reason=reason
    )
    changed([row.device_id])
    return row


def locked(plan: MaintenancePlan, by: Any) -> MaintenancePlan:
    """The plan for this transaction alone, for who keeps its device, unless it has ended."""
    rows = MaintenancePlan.objects.select_for_update(of=("self",)).select_related("device")
    row: MaintenancePlan = rows.get(pk=plan.pk)
    insist(policies.may_keep(by, row.device.owner_id))
    if row.ended_at is not None:
        raise DomainError("plan_ended", _("This plan has ended."))
    return row


def recompute(plan: MaintenancePlan) -> None:
    """Say of each record by when it was due, and of the plan by when the next one is."""
    records = list(plan.records.passed().order_by("done_on", "pk"))
    done = [rules.Done(one.done_on, one.valid_until) for one in records]
    dues, plan.due_on = rules.schedule(plan.first_due_on, plan.months, done)
    moved = [one for one, due in zip(records, dues, strict=True) if _set_due(one, due)]
    ServiceRecord.objects.bulk_update(moved, ["due_on"])
    plan.save(update_fields=["due_on", "updated_at"])


def _set_due(record: ServiceRecord, due: date) -> bool:
    before, record.due_on = record.due_on, due
    return before != due


def _looser_than_policy(plan: MaintenancePlan) -> dict[str, Any]:
    """A plan may be stricter than the alliance, never less so."""
    if plan.stops_use or not stops_by_policy(plan.device.owner_id, plan.kind):
        return {}
    message = _("Your alliance lets no device be used when such a check is overdue.")
    return {"stops_use": message}


def stops_by_policy(owner_id: int, kind: str) -> bool:
    """Whether the alliance of an institution stops devices whose check of this kind is overdue."""
    today = timezone.localdate()
    alliance = alliance_of(owner_id, on=today)
    key = f"service.stops.{kind}"
    return bool(policy(key, on=today, alliance_id=alliance.pk if alliance else None))
