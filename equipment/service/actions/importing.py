"""Plans and what was done come in from Excel, each row through the action of its page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from alliance.core.exchange import acting
from alliance.core.exchange.plan import Plan, Row, RowError, resolve
from alliance.core.exchange.spec import Place
from equipment.devices.models import Device

from ..models import MaintenancePlan, ServiceRecord
from .plans import FIELDS, make_plan
from .records import record_service

Progress = Callable[[int], None]
Act = Callable[[Row], None]


def plan_plans(*, rows: Sequence[Row], by: Any, place: Place) -> Plan:
    """What bringing these plans in would do."""
    plan, act = _plans(rows, by, place)
    return acting.rehearse(plan, act, place=place)


@transaction.atomic
def import_plans(*, rows: Sequence[Row], by: Any, place: Place, progress: Progress) -> Plan:
    """Bring plans in, all or none; those that a device has already are left alone."""
    plan, act = _plans(rows, by, place)
    return acting.carry_out(_by_device(plan), act, progress)


def plan_records(*, rows: Sequence[Row], by: Any, place: Place) -> Plan:
    """What bringing these records in would do."""
    plan, act = _records(rows, by, place)
    return acting.rehearse(plan, act, place=place)


@transaction.atomic
def import_records(*, rows: Sequence[Row], by: Any, place: Place, progress: Progress) -> Plan:
    """Bring records in, all or none; days that a plan has a record of are left alone."""
    plan, act = _records(rows, by, place)
    return acting.carry_out(_by_device(plan), act, progress)


def _plans(rows: Sequence[Row], by: Any, place: Place) -> tuple[Plan, Act]:
    errors = _devices(rows, by, place)
    devices = Device.objects.in_bulk(_ids(rows))
    known = MaintenancePlan.objects.filter(device__in=devices, ended_at=None)
    here = set(known.values_list("device_id", "kind", "name"))

    def key(row: Row) -> tuple[Any, ...]:
        return row.values["device_id"], row.values["kind"], row.values["name"]

    def act(row: Row) -> None:
        values = {name: row.values[name] for name in FIELDS if name in row.values}
        make_plan(device=devices[row.values["device_id"]], values=values, by=by)

    plan = acting.sort(rows, key=key, stands=lambda row: key(row) in here, errors=errors)
    return plan, act


def _records(rows: Sequence[Row], by: Any, place: Place) -> tuple[Plan, Act]:
    errors = _devices(rows, by, place)
    plans = MaintenancePlan.objects.filter(device__in=_ids(rows), ended_at=None)
    known = {(one.device_id, one.name): one for one in plans}
    wrong = {error.number for error in errors}
    for row in rows:
        if row.number not in wrong and _named(row) not in known:
            message = _("This device has no such plan. Make it first, or check the name.")
            errors.append(RowError(row.number, "plan", message))
    standing = ServiceRecord.objects.standing().filter(plan__in=plans)
    here = set(standing.values_list("plan_id", "done_on"))

    def key(row: Row) -> tuple[Any, ...]:
        return known[_named(row)].pk, row.values["done_on"]

    def act(row: Row) -> None:
        values = {name: row.values[name] for name in _RECORD if name in row.values}
        record_service(plan=known[_named(row)], by=by, **values)

    plan = acting.sort(rows, key=key, stands=lambda row: key(row) in here, errors=errors)
    return plan, act


_RECORD = (
    "done_on", "result", "certificate_number", "valid_until", "agency", "cost", "note",
)  # fmt: skip


def _named(row: Row) -> tuple[Any, Any]:
    return row.values.get("device_id"), row.values["plan"]


def _devices(rows: Sequence[Row], by: Any, place: Place) -> list[RowError]:
    """The devices that the rows name by asset number, those that the house keeps."""
    mine = Device.objects.kept_by(by).filter(owner=place.institution_id)
    return resolve(rows, "asset_number", mine, by=("asset_number",), into="device_id")


def _by_device(plan: Plan) -> Plan:
    """The new rows by their devices: each is held until the end, in the order of whoever books."""
    plan.new.sort(key=lambda row: row.values["device_id"])
    return plan


def _ids(rows: Sequence[Row]) -> set[int]:
    return {pk for row in rows if (pk := row.values.get("device_id")) is not None}
