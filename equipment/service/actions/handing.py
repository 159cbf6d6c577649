"""A device goes to its next owner: what is planned for it, and what was done, goes along."""

from __future__ import annotations

from typing import Any

from alliance.core import ledger
from alliance.core.transactions import one_transaction
from equipment.devices.models import Device

from ..models import MaintenancePlan, ServiceFile, ServiceRecord
from .outages import changed
from .plans import FIELDS

_RECORD = (
    "kind", "done_on", "result", "due_on", "certificate_number", "valid_until", "agency", "note",
    "recorded_by_id", "created_at",
)  # fmt: skip
_FILE = ("file", "name", "content_type", "size", "sha256", "uploaded_by_id")


@one_transaction
def hand_over(*, device: Device, there: Device, by: Any) -> list[MaintenancePlan]:
    """Give the device at its next owner the plans it had, with the day they are due and records.

    Who gives a device away has been judged by who calls. The former owner keeps its rows.
    """
    former = list(MaintenancePlan.objects.filter(device=device, ended_at=None).order_by("pk"))
    plans = {
        plan.pk: MaintenancePlan(device=there, created_by=by, **_of(plan, (*FIELDS, "due_on")))
        for plan in former
    }
    MaintenancePlan.objects.bulk_create(plans.values())
    _records(plans)
    for plan in plans.values():
        ledger.record(
            "plan.made", by=by, subject=plan, institution_id=there.owner_id, name=plan.name
        )
    if plans:
        changed([there.pk])
    return list(plans.values())


def _records(plans: dict[int, MaintenancePlan]) -> None:
    """What was done under these plans. It was paid once, so what goes along says no cost."""
    former = ServiceRecord.objects.filter(plan__in=plans, voided_at=None).order_by("pk")
    records = {
        one.pk: ServiceRecord(
            plan=plans[one.plan_id], device_id=plans[one.plan_id].device_id, **_of(one, _RECORD)
        )
        for one in former
    }
    ServiceRecord.objects.bulk_create(records.values())
    ServiceFile.objects.bulk_create(
        ServiceFile(record=records[one.record_id], **_of(one, _FILE))
        for one in ServiceFile.objects.filter(record__in=records).order_by("pk")
    )


def _of(row: Any, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}
