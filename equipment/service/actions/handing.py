"""A device goes to its next owner: checks, what was done, and what keeps it out go along."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils import timezone

from alliance.core import ledger
from alliance.core.filters import day_begins
from alliance.core.transactions import one_transaction
from equipment.devices.models import Device

from ..models import MaintenancePlan, Outage, RecalledDevice, ServiceFile, ServiceRecord
from . import orders
from .outages import changed
from .plans import FIELDS

_RECORD = (
    "kind", "done_on", "result", "due_on", "certificate_number", "valid_until", "agency", "note",
    "recorded_by_id", "created_at",
)  # fmt: skip
_OUTAGE = ("reason", "ends_at", "note", "order_id", "recall_id", "event_id", "opened_by_id")
_FILE = ("file", "name", "content_type", "size", "sha256", "uploaded_by_id")


@one_transaction
def hand_over(*, device: Device, there: Device, by: Any) -> list[MaintenancePlan]:
    """Give the device at its next owner the plans it had, with the day they are due and records.

    Who gives a device away has been judged by who calls. The former owner keeps its rows, save for
    open work orders: the fault is mended where the device stands, and keeps it out of use there.
    """
    former = list(MaintenancePlan.objects.filter(device=device, ended_at=None).order_by("pk"))
    plans = {
        plan.pk: MaintenancePlan(
            device=there, created_by=by, **_of(plan, (*FIELDS, "due_on")), **_known(plan)
        )
        for plan in former
    }
    MaintenancePlan.objects.bulk_create(plans.values())
    records = _records(plans)
    orders.go_along(device=device, there=there, by=by)
    _recalled(device, there)
    _outages(device, there, records)
    for plan in plans.values():
        ledger.record(
            "plan.made", by=by, subject=plan, institution_id=there.owner_id, name=plan.name
        )
    changed([there.pk])
    return list(plans.values())


def _known(plan: MaintenancePlan) -> dict[str, Any]:
    """When it was done last before all records; what follows from its registration stays behind."""
    return {} if plan.last_on is None else _of(plan, ("first_due_why", "last_on"))


def _recalled(device: Device, there: Device) -> None:
    """A recall that nobody has dealt with waits for an answer there."""
    open_ = RecalledDevice.objects.filter(device=device, handled_at=None, recall__closed_at=None)
    RecalledDevice.objects.bulk_create(
        RecalledDevice(device=there, recall_id=pk)
        for pk in open_.order_by("pk").values_list("recall", flat=True)
    )


def _outages(device: Device, there: Device, records: dict[int, ServiceRecord]) -> None:
    """Whatever keeps it from being used goes on; what a check of an ended plan said does not."""
    rows = Outage.objects.filter(device=device).to_end(timezone.now())
    rows = rows.filter(Q(record=None) | Q(record__in=records)).order_by("pk")
    since = day_begins(there.in_use_from)
    Outage.objects.bulk_create(
        Outage(
            device=there,
            starts_at=max(one.starts_at, since),
            record=records.get(one.record_id),
            **_of(one, _OUTAGE),
        )
        for one in rows
    )


def _records(plans: dict[int, MaintenancePlan]) -> dict[int, ServiceRecord]:
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
    return records


def _of(row: Any, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}
