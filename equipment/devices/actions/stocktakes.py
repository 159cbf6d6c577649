"""A stock-take: what an institution should have is found by scanning labels, the rest is missing."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _

from alliance.core import ledger, versions
from alliance.core.errors import DomainError
from alliance.core.saving import store
from alliance.core.transactions import one_transaction
from alliance.institutions.models import Institution

from .. import policies, rules
from ..models import Device, Stocktake, StocktakeLine


@dataclass(frozen=True)
class Scanned:
    """A device that was found, and whether just now."""

    line: StocktakeLine
    is_new: bool


@one_transaction
def begin(*, institution: Institution, name: str, on: date, by: Any) -> Stocktake:
    """Begin a stock-take: every device that stands on the register that day is expected."""
    if not policies.may_keep(by, institution.pk):
        raise PermissionDenied
    row = Stocktake(institution=institution, name=name.strip(), begun_on=on, begun_by=by)
    store(row)
    expected = Device.objects.standing_on(on).filter(owner=institution)
    StocktakeLine.objects.bulk_create(
        [StocktakeLine(stocktake=row, device_id=pk) for pk in expected.values_list("pk", flat=True)]
    )
    _record("stocktake.begun", row, by)
    return row


@one_transaction
def scan(
    *,
    stocktake: Stocktake,
    number: str,
    at: datetime,
    by: Any,
    location: str = "",
    remark: str = "",
) -> Scanned:
    """Note that a device was found: by its label, or any number that stands on it.

    What was not expected (registered later, retired, another institution's) is noted as well. A
    second scan leaves the first as it was.
    """
    row = _open(stocktake, by)
    device = _device(row, number, by)
    lines = StocktakeLine.objects.select_for_update(of=("self",))
    line = lines.filter(stocktake=row, device=device).first()
    if line is not None and line.found_at is not None:
        line.device = device
        return Scanned(line, is_new=False)
    line = line or StocktakeLine(stocktake=row, is_expected=False)
    line.device, line.found_at, line.found_by = device, at, by
    line.location, line.remark = location.strip(), remark.strip()
    store(line)
    return Scanned(line, is_new=True)


@one_transaction
def take_back(*, line: StocktakeLine, by: Any) -> None:
    """Undo a scan that was a mistake."""
    row = _open(line.stocktake, by)
    lines = StocktakeLine.objects.select_for_update().filter(pk=line.pk, stocktake=row)
    nothing = {"found_at": None, "found_by": None, "location": "", "remark": ""}
    if not lines.filter(is_expected=True).update(**nothing):
        lines.delete()


@one_transaction
def close(*, stocktake: Stocktake, at: datetime, by: Any, version: int | None = None) -> Stocktake:
    """End a stock-take; what was not found by now is missing."""
    row = _open(stocktake, by, version)
    row.closed_at, row.closed_by = at, by
    row.version += 1
    row.save(update_fields=["closed_at", "closed_by", "version", "updated_at"])
    missing = row.lines.filter(found_at=None).count()
    _record("stocktake.closed", row, by, missing=missing)
    return row


def _open(stocktake: Stocktake, by: Any, version: int | None = None) -> Stocktake:
    row: Stocktake = Stocktake.objects.select_for_update().get(pk=stocktake.pk)
    if not policies.may_keep(by, row.institution_id):
        raise PermissionDenied
    versions.check(row, version)
    if row.closed_at is not None:
        raise DomainError("stocktake_closed", _("This stock-take is closed. Begin another one."))
    return row


def _device(stocktake: Stocktake, number: str, by: Any) -> Device:
    """The device of a label or number: the institution's own first, then any that one sees."""
    text = rules.asked_number(number)
    found = _named(text)
    own = list(Device.objects.filter(found, owner=stocktake.institution_id)[:2]) if text else []
    # A number given twice names a device only where one of them still stands.
    if len(own) > 1:
        own = list(
            Device.objects.filter(found, owner=stocktake.institution_id, retired_on=None)[:2]
        )
    others = Device.objects.visible_to(by).filter(found, retired_on=None) if text else ()
    rows = own or list(others[:2])
    if len(rows) == 1:
        return rows[0]
    message = (
        _("Several devices have this number. Enter the asset number or scan the label.")
        if rows
        else _("No device has this number. Check it, or register the device.")
    )
    raise ValidationError({"number": message})


def _named(text: str) -> Q:
    asked = Q(asset_number__iexact=text) | Q(serial_number__iexact=text) | Q(udi__iexact=text)
    try:
        return asked | Q(public_id=uuid.UUID(text))
    except ValueError:
        return asked


def _record(code: str, row: Stocktake, by: Any, **data: Any) -> None:
    ledger.record(code, by=by, subject=row, institution_id=row.institution_id, **data)
