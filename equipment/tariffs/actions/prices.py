"""Prices are set for a day on and ended; what counted on a past day is never changed."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from alliance.core import ledger, versions
from alliance.core.saving import store
from alliance.core.transactions import one_transaction
from alliance.institutions.models import Alliance
from equipment.devices.models import Device, DeviceType

from .. import policies, rules
from ..models import Price


@one_transaction
def set_price(
    *,
    alliance: Alliance,
    unit: str,
    amount: Decimal,
    valid_from: date,
    on: date,
    by: Any,
    device_type: DeviceType | None = None,
    device: Device | None = None,
    tier: str = "",
) -> Price:
    """Set what a use costs from a day on; the price before it ends there.

    A price that is to come already stays: the new one lasts until then.
    """
    # One price list at a time: the alliance's row serialises those who set prices.
    Alliance.objects.select_for_update().get(pk=alliance.pk)
    if not policies.may_price(by, alliance.pk):
        raise PermissionDenied
    _insist(
        rules.price_errors(
            has_type=device_type is not None,
            has_device=device is not None,
            tier=tier,
            unit=unit,
            valid_from=valid_from,
            on=on,
        )
    )
    alike: QuerySet[Price] = Price.objects.filter(
        alliance=alliance, type=device_type, device=device, tier=tier
    )
    row = Price(alliance=alliance, type=device_type, device=device, tier=tier, unit=unit)
    row.amount, row.valid_from, row.created_by = amount, valid_from, by
    row.valid_until = _make_room(alike, valid_from)
    store(row)
    _record("price.set", row, by)
    return row


def _make_room(alike: QuerySet[Price], valid_from: date) -> date | None:
    """End the price that counts on the new one's first day; until when the new one lasts."""
    counted = [one for one in alike.select_for_update().order_by("valid_from") if _counts(one)]
    for one in counted:
        if one.valid_from == valid_from:
            message = _("Another price begins on that day: end it first, or choose another day.")
            raise ValidationError({"valid_from": message})
    for one in counted:
        if one.valid_from < valid_from and (
            one.valid_until is None or one.valid_until > valid_from
        ):
            one.valid_until = valid_from
            one.version += 1
            store(one, only=["valid_until", "version", "updated_at"])
    coming = [one.valid_from for one in counted if one.valid_from > valid_from]
    return min(coming, default=None)


def _counts(row: Price) -> bool:
    """Whether there is any day on which it counts."""
    return row.valid_until is None or row.valid_until > row.valid_from


@one_transaction
def end_price(*, price: Price, valid_until: date, on: date, version: int, by: Any) -> Price:
    """Let a price count no longer from a day on; one that was to come then never counts."""
    row: Price = Price.objects.select_for_update(of=("self",)).for_list().get(pk=price.pk)
    if not policies.may_price(by, row.alliance_id):
        raise PermissionDenied
    versions.check(row, version)
    _insist(
        rules.ending_errors(
            valid_from=row.valid_from, valid_until=row.valid_until, ends_on=valid_until, on=on
        )
    )
    row.valid_until = valid_until
    row.version += 1
    store(row, only=["valid_until", "version", "updated_at"])
    _record("price.ended", row, by)
    return row


def _insist(errors: Mapping[str, Any]) -> None:
    if errors:
        raise ValidationError(dict(errors))


def _record(action: str, row: Price, by: Any) -> None:
    ledger.record(
        action,
        by=by,
        subject=row,
        alliance_id=row.alliance_id,
        name=str(row.device or row.type),
        tier=row.tier,
        unit=row.unit,
        amount=str(row.amount),
        valid_from=row.valid_from,
        valid_until=row.valid_until,
    )
