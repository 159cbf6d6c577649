"""Devices brought in as a whole file, all or none."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from alliance.core.exchange.plan import Plan, Row, RowError, compare, resolve
from alliance.core.exchange.write import upsert
from alliance.institutions.actions import place_rows
from alliance.institutions.models import Department

from .. import policies, rules
from ..models import Device, DeviceType
from ..signals import devices_registered

KEY: Final = ("owner_id", "asset_number")
FIELDS: Final = (
    *KEY, "type_id", "department_id", "name", "maker", "udi", "serial_number", "location", "price",
    "purchased_on", "in_use_from", "life_ends_on", "condition", "condition_note", "is_shared",
    "needs_approval", "setup_minutes", "cleaning_minutes", "note",
)  # fmt: skip


def plan_devices(*, rows: Sequence[Row], by: Any, institution_id: int | None) -> Plan:
    """What bringing these devices in would do; a row without an institution belongs to this one."""
    errors = place_rows(rows, institution_id)
    lost = {error.number for error in errors}
    placed = [row for row in rows if row.number not in lost]
    for row in placed:
        row.values["owner_id"] = row.values["institution_id"]
    untyped = resolve(rows, "type", DeviceType.objects.filter(is_active=True))
    errors += [*untyped, *_elsewhere(placed, by), *_departments(placed)]
    left, gone = _retired(placed, by)
    errors = [error for error in errors if error.number not in left] + gone
    aside = left | {error.number for error in (*untyped, *gone)}
    whole = [row for row in placed if row.number not in aside]
    types = DeviceType.objects.in_bulk({row.values["type_id"] for row in whole})
    for row in whole:
        _complete(row.values, types)
    errors += [error for row in whole for error in (*_faults(row), *_undone(row, types))]
    errors += _twins(whole)
    standing = Device.objects.filter(retired_on=None)
    others = [row for row in rows if row.number not in left]
    plan = compare(others, standing, key=KEY, fields=FIELDS, errors=errors)
    plan.same += len(left)
    plan.remarks += [*_retyped(plan), *_known(plan, whole)]
    return plan


def _retyped(plan: Plan) -> Iterator[RowError]:
    """Devices that would become ones of another type: as likely a slip as meant."""
    for change in plan.changed:
        if "type_id" in change.fields:
            message = _("This makes a registered device one of another type. Is that meant?")
            yield RowError(change.row.number, "type", message)


def _known(plan: Plan, rows: Sequence[Row]) -> Iterator[RowError]:
    """Last checks of devices on the register: those are put on record one by one."""
    aside = {row.number for row in plan.new} | {error.number for error in plan.errors}
    for row in rows:
        if row.number not in aside and rules.last_done(row.values):
            message = _("It is registered already: put this check on record under its plan.")
            column = next(name for name in rules.LAST_DONE if row.values.get(name))
            yield RowError(row.number, column, message)


def _undone(row: Row, types: Mapping[int, DeviceType]) -> Iterator[RowError]:
    """What is wrong with the days of the last checks."""
    months = types[row.values["type_id"]].months
    wrong = rules.last_done_errors(row.values, months, today=timezone.localdate())
    yield from (RowError(row.number, column, message) for column, message in wrong.items())


@transaction.atomic
def import_devices(
    *, rows: Sequence[Row], by: Any, institution_id: int | None, progress: Callable[[int], None]
) -> Plan:
    """Register and change devices by institution and asset number; the import is in the ledger."""
    plan = plan_devices(rows=rows, by=by, institution_id=institution_id)
    plan.check()

    def sign(row: Device) -> None:
        row.version += bool(row.pk)
        row.created_by_id = row.created_by_id or by.pk

    upsert(
        Device,
        plan,
        key=KEY,
        fields=FIELDS,
        derive=sign,
        derived=["version", "created_by"],
        progress=progress,
    )
    done = {pk: rules.last_done(values) for pk, values in _new(plan).items()}
    devices_registered.send(sender=Device, device_ids=list(done), by=by, last_done=done)
    return plan


def _new(plan: Plan) -> dict[int, dict[str, Any]]:
    """By id: what the file says of the devices that were not on the register before."""
    names = {(row.values["owner_id"], row.values["asset_number"]): row.values for row in plan.new}
    houses, numbers = {house for house, _number in names}, {number for _house, number in names}
    rows = Device.objects.filter(owner__in=houses, asset_number__in=numbers)
    found = ((pk, names.get((house, number))) for pk, house, number in rows.values_list("pk", *KEY))
    return {pk: values for pk, values in found if values is not None}


def _elsewhere(rows: Sequence[Row], by: Any) -> Iterator[RowError]:
    """Rows of institutions whose devices one does not keep."""
    mine = set(policies.houses_kept(by))
    for row in rows:
        if row.values["owner_id"] not in mine:
            message = _("You do not keep the devices of this institution.")
            yield RowError(row.number, "institution", message)


def _retired(rows: Sequence[Row], by: Any) -> tuple[set[int], list[RowError]]:
    """Rows of one's devices that left the register: those that change nothing, and what is wrong.

    A file that went out holds them too, and comes back with others changed.
    """
    numbers = {row.values["asset_number"] for row in rows}
    found = Device.objects.exclude(retired_on=None).filter(
        owner__in=policies.houses_kept(by), asset_number__in=numbers
    )
    gone = {(one["owner_id"], one["asset_number"]): one for one in found.values(*FIELDS)}
    left, errors = set(), []
    for row in rows:
        stored = gone.get((row.values["owner_id"], row.values["asset_number"]))
        if stored is None:
            continue
        if any(row.values.get(name, stored[name]) != stored[name] for name in FIELDS):
            message = _("The device of this number has left the register.")
            errors.append(RowError(row.number, "asset_number", message))
        else:
            left.add(row.number)
    return left, errors


def _departments(rows: Sequence[Row]) -> Iterator[RowError]:
    """Put the id of each department into its row, by name within the institution."""
    houses = {row.values["owner_id"] for row in rows}
    known = {
        (house, name): pk
        for pk, house, name in Department.objects.filter(institution__in=houses).values_list(
            "pk", "institution_id", "name"
        )
    }
    for row in rows:
        name = row.values.get("department")
        if name is None:
            continue
        found = known.get((row.values["owner_id"], name))
        if name and found is None:
            message = _("The institution has no department of this name.")
            yield RowError(row.number, "department", message)
        row.values["department_id"] = found


def _complete(values: dict[str, Any], types: Mapping[int, DeviceType]) -> None:
    """A life that the file does not tell ends as is usual for the type."""
    begins = values.get("purchased_on") or values.get("in_use_from")
    if values.get("life_ends_on") is None and begins is not None:
        values["life_ends_on"] = rules.after_years(begins, types[values["type_id"]].life_years)


def _faults(row: Row) -> Iterator[RowError]:
    """What the device's own columns refuse."""
    device = Device(**{name: row.values[name] for name in FIELDS if name in row.values})
    named = {"owner", "type", "department", "created_by", "came_from"}
    try:
        device.clean_fields(exclude=named)
        device.validate_constraints(exclude={"asset_number", "udi", *named})
    except ValidationError as error:
        for field, told in error.error_dict.items():
            for one in told:
                column = field if field in row.values else str(one.code)
                where = column if column in row.values else ""
                yield from (RowError(row.number, where, message) for message in one.messages)


def _twins(rows: Sequence[Row]) -> Iterator[RowError]:
    """UDI and serial number together name one device, in the file and on the register."""
    first: dict[tuple[str, str], tuple[int, str]] = {}
    named = [row for row in rows if row.values.get("udi") and row.values.get("serial_number")]
    known = Device.objects.filter(
        retired_on=None, udi__in={row.values["udi"] for row in named}
    ).exclude(serial_number="")
    for udi, serial, *key in known.values_list("udi", "serial_number", *KEY):
        first[udi, serial] = (key[0], key[1])
    for row in named:
        pair = (row.values["udi"], row.values["serial_number"])
        key = [row.values[name] for name in KEY]
        if first.setdefault(pair, (key[0], key[1])) != (key[0], key[1]):
            message = _("A device of this UDI and serial number is registered.")
            yield RowError(row.number, "udi", message)
