"""Settling what uses cost, and putting it right."""

from collections.abc import Collection
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from alliance.core import ledger, versions
from alliance.core.saving import store
from alliance.core.transactions import one_transaction
from equipment.tariffs.selectors import terms

from ..choices import Status
from ..models import Booking, Charge
from . import policies


@one_transaction
def settle_uses(*, booking_ids: Collection[int], at: datetime) -> int:
    """Reckon what completed bookings cost, device by device; return how many charges were made.

    Called again it changes nothing: a settled use stays as it was settled.
    """
    ended = Booking.objects.filter(pk__in=booking_ids, status=Status.COMPLETED)
    rows = ended.filter(charges=None).select_related("institution").order_by("pk")
    made = [charge for booking in rows for charge in _charges(booking, at)]
    Charge.objects.bulk_create(made, ignore_conflicts=True)
    return len(made)


def _charges(booking: Booking, at: datetime) -> list[Charge]:
    """What each device of another house costs; the price list of the day of use counts."""
    lines = booking.lines.select_related("device__type").exclude(device__owner=booking.institution)
    devices = [line.device for line in lines]
    since, until = booking.used_from, booking.used_until
    if not devices or since is None or until is None:
        return []
    used_on = timezone.localdate(since)
    found = terms(
        devices=devices,
        institution_id=booking.institution_id,
        technique_id=booking.technique_id,
        alliance_id=booking.alliance_id,
        on=used_on,
    )
    return [_charge(booking, device, found[device.pk], at) for device in devices]


def _charge(booking: Booking, device: Any, its: Any, at: datetime) -> Charge:
    since, until = booking.used_from, booking.used_until
    quote = its.quote(since, until)
    return Charge(
        alliance_id=booking.alliance_id,
        booking=booking,
        device=device,
        payer_id=booking.institution_id,
        payee_id=device.owner_id,
        used_on=timezone.localdate(since),
        minutes=int((until - since).total_seconds() // 60),  # type: ignore[operator]
        booked_amount=its.quote(booking.starts_at, booking.ends_at).amount,
        amount=quote.amount,
        basis=quote.basis,
        price=quote.price,
        counted_minutes=quote.minutes,
        free_reason=quote.free_reason,
        settled_at=at,
    )


@one_transaction
def correct_charge(
    *, charge: Charge, amount: Decimal, reason: str, version: int | None, by: Any
) -> Charge:
    """Set what is owed to another amount, with the reason; the ledger keeps both."""
    charge = Charge.objects.select_for_update().get(pk=charge.pk)
    versions.check(charge, version)
    policies.insist(policies.may_correct(by, charge))
    reason = reason.strip()
    if not reason:
        raise ValidationError({"reason": _("Say why.")})
    before = charge.amount
    if before == amount:
        raise ValidationError({"amount": _("This is the amount already.")})
    charge.amount, charge.reason = amount, reason
    charge.corrected_at, charge.corrected_by = timezone.now(), by
    charge.version += 1
    store(
        charge,
        only=["amount", "reason", "corrected_at", "corrected_by", "version", "updated_at"],
    )
    ledger.record(
        "booking.charge_corrected",
        by=by,
        subject=charge,
        institution_id=charge.payee_id,
        changed={"amount": [str(before), str(amount)]},
        reason=reason,
    )
    return charge
