"""Devices come onto the register, are changed and moved, leave it, or go to another institution."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from alliance.core import ledger, outbox, versions
from alliance.core.errors import DomainError
from alliance.core.saving import assign, store
from alliance.core.transactions import one_transaction
from alliance.institutions.models import Institution
from alliance.institutions.selectors import shared_alliance

from .. import policies, rules
from ..choices import Retirement
from ..models import Device, DeviceRetirement
from ..signals import device_availability_changed, device_given, devices_registered

# What a keeper says of a device.
FIELDS: Final = frozenset(
    {
        "type", "department", "name", "maker", "udi", "serial_number", "asset_number", "location",
        "price", "purchased_on", "in_use_from", "life_ends_on", "condition", "condition_note",
        "is_shared", "needs_approval", "setup_minutes", "cleaning_minutes", "note",
    }
)  # fmt: skip
# What goes with a device to its next owner.
_GOES_ALONG: Final = (
    "type", "name", "maker", "udi", "serial_number", "price", "life_ends_on", "condition",
    "condition_note", "setup_minutes", "cleaning_minutes", "is_shared", "needs_approval",
)  # fmt: skip

_LEAVING: Final = ["retired_on", "retirement", "retirement_note", "version", "updated_at"]


@one_transaction
def register(*, owner: Institution, by: Any, **values: Any) -> Device:
    """Put a device onto the register of an institution; its life is the type's unless told.

    Of a used one may be told when it was calibrated and maintained last (`rules.LAST_DONE`).
    """
    if not policies.may_keep(by, owner.pk):
        raise PermissionDenied
    told = {name: values.pop(name, None) for name in rules.LAST_DONE}
    row = Device(owner=owner, created_by=by, **_told({"life_ends_on": None, **values}))
    store(row, {**_errors(row, type_is_new=True), **_undone(row, told)})
    _record("device.registered", row, by, asset_number=row.asset_number, type=row.type.code)
    done = {row.pk: rules.last_done(told)}
    devices_registered.send(sender=Device, device_ids=[row.pk], by=by, last_done=done)
    return row


@one_transaction
def change(*, device: Device, by: Any, version: int | None = None, **values: Any) -> Device:
    """Correct what the register says of a device."""
    row = _locked(device, by, version)
    before = row.type_id
    changed = assign(row, _told(values))
    if not changed:
        return row
    row.version += 1
    store(row, _errors(row, type_is_new=row.type_id != before))
    _record("device.changed", row, by, changed=changed)
    return row


@one_transaction
def move(
    *, device: Device, by: Any, location: str, department: Any = None, version: int | None = None
) -> Device:
    """Say where a device stands now."""
    return change(device=device, by=by, version=version, location=location, department=department)


@one_transaction
def note_condition(*, device: Device, condition: str, note: str, by: Any) -> Device:
    """Whoever used a device says how it is now, so that the next user sees it."""
    row: Device = Device.objects.select_for_update().get(pk=device.pk)
    if not policies.may_note_condition(by, row):
        raise PermissionDenied
    _insist_on_standing(row)
    changed = assign(row, {"condition": condition, "condition_note": note.strip()})
    if changed:
        row.version += 1
        fields = ["condition", "condition_note", "version", "updated_at"]
        store(row, only=fields)
        _record("device.condition", row, by, changed=changed)
    return row


@one_transaction
def retire(
    *,
    device: Device,
    retirement: str,
    on: date,
    by: Any,
    note: str = "",
    version: int | None = None,
) -> Device:
    """Take a device off the register, from a day on, for a reason; bookings above hear of it."""
    row = _locked(device, by, version)
    if retirement == Retirement.GIVEN:
        raise ValidationError({"retirement": _("Say to whom: give it to that institution.")})
    today = timezone.localdate()
    errors = rules.retirement_errors(on=on, in_use_from=row.in_use_from, today=today)
    _leave(row, retirement, on, note, errors, by)
    _record("device.retired", row, by, retirement=row.retirement, reason=row.retirement_note)
    return row


@one_transaction
def give(
    *,
    device: Device,
    to: Institution,
    asset_number: str,
    on: date,
    by: Any,
    note: str = "",
    version: int | None = None,
) -> Device:
    """Hand a device over to another member: it leaves this register and stands on that one.

    It gets a row, a number and a label of its own there, so what happened here stays with the row
    here. It goes on being shared as it was, and its checks go on being due. Its keepers there hear
    of it and say where it stands.
    """
    row = _locked(device, by, version)
    today = timezone.localdate()
    errors = dict(rules.retirement_errors(on=on, in_use_from=row.in_use_from, today=today))
    if to.pk == row.owner_id:
        errors["to"] = _("It stands there already.")
    elif shared_alliance(row.owner_id, to.pk, on=on) is None:
        errors["to"] = _("Devices are given to members of the same alliance.")
    _leave(row, Retirement.GIVEN, on, note, errors, by)
    along = {name: getattr(row, name) for name in _GOES_ALONG}
    there = Device(owner=to, came_from=row, created_by=by, in_use_from=on, **along)
    there.purchased_on = row.aged_from
    there.asset_number = asset_number.strip()
    # Past its life, it still stands there.
    there.life_ends_on = max(row.life_ends_on, _day_after(on))
    store(there)
    _record("device.given", row, by, to=to.short_name, reason=row.retirement_note)
    ledger.record("device.received", by=by, subject=there, institution_id=to.pk)
    outbox.put("devices.received", device_id=there.pk)
    device_given.send(sender=Device, device=row, there=there, by=by)
    return there


@one_transaction
def put_back(*, device: Device, reason: str, by: Any, version: int | None = None) -> Device:
    """Undo a retirement that was a mistake: the device stands on the register as if all along.

    That it had left, and why it came back, stays on record.
    """
    row = _held(device, by, version)
    retired = row.retirements.filter(undone_at=None).first()
    if code := policies.put_back_refusal(row, retired, on=timezone.localdate()):
        raise DomainError(f"retirement_{code}", policies.NOT_PUT_BACK[code])
    if not reason.strip():
        raise ValidationError({"reason": _("Say why it was a mistake.")})
    if retired is None:
        retired = _retirement(row, at=row.updated_at, by=None)
    retired.undone_at, retired.undone_by = timezone.now(), by
    retired.undone_why = reason.strip()
    retired.save()
    row.retired_on, row.retirement, row.retirement_note = None, "", ""
    row.version += 1
    # Its numbers have to be free still: they are looked at as if they were new.
    store(row, only=[*_LEAVING, "udi", "serial_number"])
    _record("device.put_back", row, by, reason=retired.undone_why)
    device_availability_changed.send(sender=Device, device_ids=[row.pk])
    return row


def _leave(
    row: Device, retirement: str, on: date, note: str, errors: Mapping[str, Any], by: Any
) -> None:
    row.retired_on, row.retirement, row.retirement_note = on, retirement, note.strip()
    row.version += 1
    store(row, errors, only=_LEAVING)
    _retirement(row, at=timezone.now(), by=by).save()
    device_availability_changed.send(sender=Device, device_ids=[row.pk])


def _retirement(row: Device, *, at: datetime, by: Any) -> DeviceRetirement:
    left: dict[str, Any] = {"retired_on": row.retired_on, "retirement": row.retirement}
    return DeviceRetirement(device=row, note=row.retirement_note, at=at, by=by, **left)


def _day_after(on: date) -> date:
    return date.fromordinal(on.toordinal() + 1)


def _locked(device: Device, by: Any, version: int | None) -> Device:
    """A device on the register, held until the end, for a keeper who saw this version of it."""
    row = _held(device, by, version)
    _insist_on_standing(row)
    return row


def _held(device: Device, by: Any, version: int | None) -> Device:
    rows = Device.objects.select_for_update(of=("self",)).select_related("type", "owner")
    row: Device = rows.get(pk=device.pk)
    if not policies.may_keep(by, row.owner_id):
        raise PermissionDenied
    versions.check(row, version)
    return row


def _insist_on_standing(row: Device) -> None:
    if row.retired_on is not None:
        raise DomainError("device_retired", _("This device has left the register."))


def _told(values: Mapping[str, Any]) -> dict[str, Any]:
    """What a keeper says of a device; a life that is left empty ends as is usual for the type."""
    told = {name: values[name] for name in FIELDS & values.keys()}
    begins = told.get("purchased_on") or told.get("in_use_from")
    if begins and "type" in told and told.get("life_ends_on", begins) is None:
        told["life_ends_on"] = rules.after_years(begins, told["type"].life_years)
    return told


def _undone(row: Device, told: Mapping[str, date | None]) -> Mapping[str, str]:
    months = row.type.months if row.type_id else {}
    return rules.last_done_errors(told, months, today=timezone.localdate())


def _errors(row: Device, *, type_is_new: bool) -> Mapping[str, Any]:
    return rules.device_errors(
        rules.DeviceFacts(
            owner_id=row.owner_id,
            department_owner_id=row.department.institution_id if row.department else None,
            type_is_active=row.type.is_active if row.type_id else True,
            type_is_new=type_is_new,
        )
    )


def _record(code: str, row: Device, by: Any, **data: Any) -> None:
    ledger.record(code, by=by, subject=row, institution_id=row.owner_id, **data)
