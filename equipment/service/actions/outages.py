"""Devices go down and come back: every outage is opened and closed here."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.db.models.functions import Greatest
from django.utils import timezone
from django.utils.translation import gettext as _

from alliance.core import ledger
from alliance.core.errors import DomainError
from alliance.core.policy import policy
from alliance.core.saving import store
from alliance.core.transactions import one_transaction
from alliance.institutions.policies import insist
from equipment.devices.choices import Condition
from equipment.devices.models import Device
from equipment.devices.selectors import alliance_of
from equipment.devices.signals import device_availability_changed

from .. import policies, rules
from ..choices import ANNOUNCED, ENDED_BY_HAND, OutageReason
from ..models import Outage


def hold(devices: QuerySet[Device]) -> None:
    """Wait for everybody else who changes these devices: before their outages and work orders."""
    list(devices.order_by("pk").only("pk").select_for_update(of=("self",)))


@one_transaction
def announce_outage(
    *,
    device: Device,
    reason: str,
    starts_at: datetime,
    ends_at: datetime | None,
    note: str,
    by: Any,
) -> Outage:
    """Say that a device will be down for a time, or is from now on: planned work, or otherwise."""
    row: Device = Device.objects.select_for_update().get(pk=device.pk)
    insist(policies.may_keep(by, row.owner_id))
    errors = {}
    if reason not in ANNOUNCED:
        errors["reason"] = _("Choose one of the offered values.")
    if ends_at is not None and ends_at <= max(starts_at, timezone.now()):
        errors["ends_at"] = _("The end must be after the start, and still to come.")
    if not note.strip():
        errors["note"] = _("Say why: people who booked the device will read it.")
    if errors:
        raise ValidationError(errors)
    outage = Outage(
        device=row,
        reason=reason,
        starts_at=starts_at,
        ends_at=ends_at,
        note=note.strip(),
        opened_by=by,
    )
    store(outage)
    ledger.record("outage.announced", by=by, subject=outage, institution_id=row.owner_id)
    changed([row.pk])
    return outage


@one_transaction
def end_outage(*, outage: Outage, by: Any) -> Outage:
    """Bring a device back before an announced time is over, or call it off.

    What came from a work order, a check, a recall or an adverse event ends with that.
    """
    hold(Device.objects.filter(pk=outage.device_id))
    rows = Outage.objects.select_for_update(of=("self",)).select_related("device")
    row: Outage = rows.get(pk=outage.pk)
    insist(policies.may_keep(by, row.device.owner_id))
    if row.reason not in ENDED_BY_HAND:
        raise DomainError("outage_of_other", _("This ends with what caused it: open that."))
    now = timezone.now()
    if row.ends_at is not None and row.ends_at <= now:
        raise DomainError("outage_over", _("This time is over already."))
    close([row], at=now, by=by)
    ledger.record("outage.ended", by=by, subject=row, institution_id=row.device.owner_id)
    row.refresh_from_db()
    return row


@one_transaction
def keep_worn(*, device: Device, condition: str, note: str, by: Any) -> None:
    """Take a device that came back not fit for use out of service until its keepers say more.

    That `by` says how it came back has been judged by who calls. What is usable with limits stays
    in service unless the alliance's policy says otherwise.
    """
    today = timezone.localdate()
    alliance = alliance_of(device.owner_id, today)
    limited_stays = policy(
        "service.limited_stays", on=today, alliance_id=alliance.pk if alliance else None
    )
    if not rules.is_out(condition, limited_stays=limited_stays) or _worn(device).exists():
        return
    words = " ".join(filter(None, [str(Condition(condition).label), note.strip()]))
    reason = OutageReason.CONDITION
    open_outages([device.pk], reason=reason, at=timezone.now(), note=words, by=by)


def end_worn(device: Device, *, by: Any) -> None:
    """A reported fault takes over from the word of who brought the device back."""
    close(_worn(device), at=timezone.now(), by=by)


def _worn(device: Device) -> QuerySet[Outage]:
    rows = Outage.objects.filter(device=device, reason=OutageReason.CONDITION)
    return rows.to_end(timezone.now())


def open_outages(
    device_ids: Iterable[int], *, reason: str, at: datetime, note: str, by: Any, **cause: Any
) -> list[Outage]:
    """Take devices out of service from a moment on, for the cause named (order=, recall=, …)."""
    rows = [
        Outage(device_id=pk, reason=reason, starts_at=at, note=note[:300], opened_by=by, **cause)
        for pk in device_ids
    ]
    Outage.objects.bulk_create(rows)
    if rows:
        changed([row.device_id for row in rows])
    return rows


def close(outages: Iterable[Outage], *, at: datetime, by: Any) -> None:
    """End outages at a moment; one that has not begun becomes an empty time."""
    rows = [row for row in outages if row.ends_at is None or row.ends_at > at]
    pks = [row.pk for row in rows]
    still = Q(ends_at=None) | Q(ends_at__gt=at)
    Outage.objects.filter(still, pk__in=pks).update(
        ends_at=Greatest("starts_at", at), closed_by=by, updated_at=at
    )
    if rows:
        changed([row.device_id for row in rows])


def changed(device_ids: Collection[int]) -> None:
    """Tell the rooms above, in the same transaction, that devices may have gone or come back."""
    ids = sorted(set(device_ids))
    device_availability_changed.send(sender=Outage, device_ids=ids)
