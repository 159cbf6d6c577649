"""A fault is reported, and its work order moves: the only two ways."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from alliance.core import ledger, outbox, versions
from alliance.core.errors import DomainError
from alliance.core.policy import policy
from alliance.core.saving import store
from alliance.core.transactions import one_transaction
from alliance.institutions.policies import insist
from equipment.devices import actions as devices
from equipment.devices.choices import Retirement
from equipment.devices.models import Device
from equipment.devices.selectors import alliance_of

from .. import policies, rules
from ..choices import OPEN, Move, OutageReason
from ..models import WorkOrder, WorkOrderEvent
from ..selectors import technicians
from ..workflow import FIRST, TRANSITIONS, next_status
from . import files, outages

Data = Mapping[str, Any]
REPORT = "report"


@one_transaction
def report_fault(
    *, device: Device, description: str, by: Any, is_usable: bool = False, photo: Any = None
) -> WorkOrder:
    """Say that a device is broken; unless it can still be used, it is down from this moment."""
    row: Device = Device.objects.select_for_update().get(pk=device.pk)
    insist(policies.may_report(by, row))
    if row.retired_on is not None:
        raise DomainError("device_retired", _("This device is off the register already."))
    picture = files.checked(photo, "photo")
    order = WorkOrder(
        number=_number(timezone.localdate().year),
        device=row,
        institution_id=row.owner_id,
        status=FIRST,
        description=description.strip(),
        is_usable=is_usable,
        reported_by=by,
    )
    store(order)
    if not is_usable:
        _take_out(order, by)
    if not is_usable or policies.may_keep(by, row.owner_id):
        outages.end_worn(row, by=by)
    files.keep(picture, by=by, order=order)
    event = WorkOrderEvent.objects.create(
        order=order, move=REPORT, target=FIRST, reason=order.description, by=by
    )
    _announce(order, event)
    return order


@one_transaction
def move(
    *,
    order: WorkOrder,
    move: Move,
    by: Any,
    reason: str = "",
    version: int | None = None,
    data: Data | None = None,
) -> WorkOrder:
    """Make a move; `data` holds what it needs beside the reason (see the functions below)."""
    row = _locked(order)
    if not policies.may_move(by, move, row):
        raise PermissionDenied
    versions.check(row, version)
    source, target = row.status, next_status(row.status, move)
    reason = reason.strip()
    if TRANSITIONS[move].needs_reason and not reason:
        raise ValidationError({"reason": _("Say why.")})
    data = data or {}
    paper = files.checked(data.get("file"), "file")
    kept = _EFFECTS[move](row, data, by, reason)
    if paper is not None:
        kept["file"] = paper.name
    if target != source:
        row.closed_at = None if target in OPEN else timezone.now()
    row.status = target
    row.version += 1
    store(row)
    files.keep(paper, by=by, order=row)
    event = WorkOrderEvent.objects.create(
        order=row, move=move, source=source, target=target, reason=reason, data=kept, by=by
    )
    _announce(row, event)
    return row


def _locked(order: WorkOrder) -> WorkOrder:
    """The order for this transaction alone, and its device before it.

    Whoever reports a fault or gives the device away holds that first, and then its orders.
    """
    outages.hold(Device.objects.filter(work_orders=order.pk))
    rows = WorkOrder.objects.select_for_update(of=("self",)).select_related("device")
    row: WorkOrder = rows.get(pk=order.pk)
    return row


def go_along(*, device: Device, there: Device, by: Any) -> None:
    """Open orders follow a device that is given away; who gives it has been judged by who calls."""
    open_ = WorkOrder.objects.select_for_update(of=("self",)).open().filter(device=device)
    people = technicians(there.owner_id, on=timezone.localdate())
    words = {"giver": device.owner.short_name, "house": there.owner.short_name}
    for row in open_.order_by("pk"):
        row.device, row.institution = there, there.owner
        row.assigned_to = row.assigned_to if row.assigned_to_id in people else None
        row.version += 1
        store(row)
        event = WorkOrderEvent.objects.create(
            order=row,
            move=Move.NOTE,
            source=row.status,
            target=row.status,
            reason=_("%(giver)s gave the device to %(house)s; the order goes along.") % words,
            by=by,
        )
        _announce(row, event)


def _announce(order: WorkOrder, event: WorkOrderEvent) -> None:
    """The ledger's line, and the news after the commit."""
    ledger.record(
        f"work_order.{event.move}",
        by=event.by,
        subject=order,
        institution_id=order.institution_id,
        device=str(order.device.public_id),
        **event.data,
    )
    outbox.put("service.order_moved", event_id=event.pk)


def _assign(order: WorkOrder, data: Data, by: Any, reason: str) -> dict[str, Any]:
    """`assigned_to` (a colleague who keeps devices) or `vendor`; `expected_on`."""
    colleague, vendor = data.get("assigned_to"), str(data.get("vendor", "")).strip()
    errors = {}
    if colleague is None and not vendor:
        errors["assigned_to"] = _("Choose a colleague, or name the repair company.")
    if colleague is not None and colleague.pk not in technicians(
        order.institution_id, on=timezone.localdate()
    ):
        errors["assigned_to"] = _("This person does not look after devices here.")
    _expect(order, data, errors)
    order.assigned_to, order.vendor = colleague, vendor
    return _plain(order, "vendor", "expected_on")


def _start(order: WorkOrder, data: Data, by: Any, reason: str) -> dict[str, Any]:
    """Whoever begins without being asked has taken it on."""
    if order.assigned_to is None and not order.vendor:
        order.assigned_to = by
    _expect(order, data, {})
    return _plain(order, "expected_on")


def _test(order: WorkOrder, data: Data, by: Any, reason: str) -> dict[str, Any]:
    """`work_done` and what it cost: `parts_cost` and `labour_cost`, or `cost` as a whole."""
    order.work_done = str(data.get("work_done", "")).strip()
    whole = data.get("cost")
    order.parts_cost, order.labour_cost, order.cost = rules.parted(
        data.get("parts_cost"), data.get("labour_cost"), whole
    )
    errors = {}
    if not order.work_done:
        errors["work_done"] = _("Say what was done.")
    if whole is not None and whole != order.cost:
        errors["cost"] = _("Parts and labour do not add up to this.")
    if errors:
        raise ValidationError(errors)
    return {
        "work_done": order.work_done,
        **_plain(order, "parts_cost", "labour_cost", "cost"),
    }


def _stop(order: WorkOrder, data: Data, by: Any, reason: str) -> dict[str, Any]:
    if order.outages.filter(ends_at=None).exists():
        raise DomainError("out_already", _("The device is out of use already."))
    _take_out(order, by)
    order.is_usable = False
    return {}


def _return(order: WorkOrder, data: Data, by: Any, reason: str) -> dict[str, Any]:
    """`condition` with its `condition_note`, where it is told: the next user sees it."""
    kept = _back(order, data, by, reason)
    condition = data.get("condition")
    if condition and order.device.retired_on is None:
        note = str(data.get("condition_note", "")).strip()
        devices.note_condition(device=order.device, condition=condition, note=note, by=by)
        kept |= {"condition": condition} | ({"condition_note": note} if note else {})
    return kept


def _back(order: WorkOrder, data: Data, by: Any, reason: str) -> dict[str, Any]:
    outages.close(order.outages.all(), at=timezone.now(), by=by)
    return {}


def _retire(order: WorkOrder, data: Data, by: Any, reason: str) -> dict[str, Any]:
    """The register keeps why; the outage stays open, since the device never comes back."""
    devices.retire(
        device=order.device,
        retirement=Retirement.BROKEN,
        on=timezone.localdate(),
        by=by,
        note=f"{order.number}: {reason}",
    )
    order.device.refresh_from_db()
    return {}


def _reopen(order: WorkOrder, data: Data, by: Any, reason: str) -> dict[str, Any]:
    """Down again from this moment; a device that was retired has to be put back first."""
    if order.device.retired_on is not None:
        raise DomainError(
            "device_retired",
            _("This device has left the register. Put it back there first."),
        )
    today, closed = timezone.localdate(), order.closed_at
    days = policy(
        "service.reopen_days", on=today, alliance_id=_alliance_id(order.institution_id, today)
    )
    if closed is not None and (today - timezone.localdate(closed)).days > days:
        message = _("It was closed more than %(days)s days ago: report the fault anew.")
        raise DomainError("order_rests", message % {"days": days})
    if not order.outages.filter(ends_at=None).exists():
        _take_out(order, by)
    order.is_usable = False
    return {}


def _alliance_id(institution_id: int, on: date) -> int | None:
    alliance = alliance_of(institution_id, on)
    return alliance.pk if alliance else None


def _nothing(order: WorkOrder, data: Data, by: Any, reason: str) -> dict[str, Any]:
    return {}


_EFFECTS: Mapping[Move, Callable[[WorkOrder, Data, Any, str], dict[str, Any]]] = {
    Move.ASSIGN: _assign,
    Move.START: _start,
    Move.TEST: _test,
    Move.FAIL: _nothing,
    Move.RETURN: _return,
    Move.STOP: _stop,
    Move.NOTE: _nothing,
    Move.RETIRE: _retire,
    Move.CANCEL: _back,
    Move.REOPEN: _reopen,
}


def _expect(order: WorkOrder, data: Data, errors: dict[str, Any]) -> None:
    """By when the device should be back; days that are past promise nothing."""
    expected = data.get("expected_on")
    if expected is not None and expected < timezone.localdate():
        errors["expected_on"] = _("This day is past.")
    if errors:
        raise ValidationError(errors)
    order.expected_on = expected or order.expected_on


def _take_out(order: WorkOrder, by: Any) -> None:
    outages.open_outages(
        [order.device_id],
        reason=OutageReason.FAULT,
        at=timezone.now(),
        note=order.description,
        by=by,
        order=order,
    )


def _plain(order: WorkOrder, *names: str) -> dict[str, str]:
    """What an event keeps of these fields."""
    return {name: str(value) for name in names if (value := getattr(order, name)) not in (None, "")}


def _number(year: int) -> str:
    """The next number; a sequence never gives one twice, whoever asks at the same time."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('service_order_number')")
        (serial,) = cursor.fetchone()
    return f"BX{year}-{serial:06d}"
