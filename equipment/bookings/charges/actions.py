"""What uses cost: agreed when they are booked, settled after them, put right, paid by month."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import groupby
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Count, F, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from alliance.core import ledger, versions
from alliance.core.errors import DomainError
from alliance.core.policy import PolicySet, policy_history
from alliance.core.saving import store
from alliance.core.transactions import one_transaction
from alliance.institutions.models import Alliance, Institution
from equipment.tariffs.selectors import Terms, Use, terms_of

from ..choices import Status
from ..models import AgreedPrice, BookedDevice, Booking, Charge, Settlement
from . import policies, rules
from .choices import PricedBy
from .statements import Month

_CLEARED = ("payer_confirmed_at", "payer_confirmed_by", "payee_confirmed_at", "payee_confirmed_by")


@one_transaction
def agree_prices(*, booking_ids: Collection[int], at: datetime) -> int:
    """Keep what each device of another house costs, as it is shown now; return how many.

    The list of the day of use counts as it stands today: a price that is set later changes nothing
    for who has booked.
    """
    made = []
    rows = list(_by_booking(_borrowed(booking_ids).filter(agreed=None)))
    uses = [_use(booking, lines, booking.starts_at) for booking, lines in rows]
    for (_booking, lines), found in zip(rows, terms_of(uses), strict=True):
        made += [_agreed(line, found[line.device_id], at) for line in lines]
    AgreedPrice.objects.bulk_create(made)
    return len(made)


@one_transaction
def settle_uses(*, booking_ids: Collection[int], at: datetime) -> int:
    """Reckon what completed bookings cost, device by device; return how many charges were made.

    Called again it changes nothing: a settled use stays as it was settled. As many queries for a
    year of them as for one.
    """
    ended = _borrowed(booking_ids).filter(booking__status=Status.COMPLETED, booking__charges=None)
    rows = list(_by_booking(ended))
    settings = _settings(booking for booking, _lines in rows)
    open_ = [_not_agreed(lines, set_) for (_row, lines), set_ in zip(rows, settings, strict=True)]
    uses = [
        _use(booking, lines, booking.used_from)
        for (booking, _all), lines in zip(rows, open_, strict=True)
    ]
    made = [
        _charge(line, listed, set_["bookings.timed_by"], at)
        for (_row, lines), set_, listed in zip(rows, settings, terms_of(uses), strict=True)
        for line in lines
    ]
    Charge.objects.bulk_create(made, ignore_conflicts=True)
    return len(made)


def _settings(bookings: Iterable[Booking]) -> list[PolicySet]:
    """What the alliance of each booking had decided on its day of use; one query."""
    days = [(row.alliance_id, timezone.localdate(row.used_from)) for row in bookings]
    if not days:
        return []
    history = policy_history(
        alliance_ids={pk for pk, _day in days},
        until=max(day for _pk, day in days),
        keys=["bookings.priced_by", "bookings.timed_by"],
    )
    return [history.on(day, alliance_id=pk) for pk, day in days]


def _not_agreed(lines: Sequence[BookedDevice], settings: PolicySet) -> list[BookedDevice]:
    """The devices that cost what the list of the day of use says."""
    is_kept = settings["bookings.priced_by"] == PricedBy.AGREED
    return [line for line in lines if not (is_kept and hasattr(line, "agreed"))]


def _borrowed(booking_ids: Collection[int]) -> Any:
    """The devices of bookings that belong to another house than the one that booked."""
    rows = BookedDevice.objects.filter(booking__in=booking_ids)
    others = rows.exclude(device__owner=F("booking__institution"))
    return others.select_related("booking", "device__type", "agreed").order_by("booking", "pk")


def _by_booking(lines: Any) -> Iterator[tuple[Booking, list[BookedDevice]]]:
    for _key, found in groupby(lines, key=lambda line: line.booking_id):
        rows = list(found)
        yield rows[0].booking, rows


def _use(booking: Booking, lines: Sequence[BookedDevice], at: datetime | None) -> Use:
    """These devices of a booking, on the day that counts."""
    return Use(
        devices=[line.device for line in lines],
        institution_id=booking.institution_id,
        technique_id=booking.technique_id,
        alliance_id=booking.alliance_id,
        on=timezone.localdate(at),
    )


def _agreed(line: BookedDevice, its: Terms, at: datetime) -> AgreedPrice:
    quote = its.quote(line.booking.starts_at, line.booking.ends_at)
    return AgreedPrice(
        line=line,
        listed_id=quote.price_id,
        basis=quote.basis,
        price=quote.price,
        step_minutes=its.step_minutes,
        counted_minutes=quote.minutes,
        amount=quote.amount,
        free_reason=quote.free_reason,
        agreed_at=at,
    )


def _charge(line: BookedDevice, listed: Mapping[int, Terms], rule: str, at: datetime) -> Charge:
    """What a device costs: by the list of the day where it is `listed`, else as agreed."""
    booking: Any = line.booking
    agreed: AgreedPrice | None = None if line.device_id in listed else line.agreed
    its = agreed.terms if agreed else listed[line.device_id]
    booked, real = (booking.starts_at, booking.ends_at), (booking.used_from, booking.used_until)
    time, timed_by = rules.paid_time(booked=booked, real=real, rule=rule)
    quote = its.quote(*time)
    return Charge(
        alliance_id=booking.alliance_id,
        booking=booking,
        device=line.device,
        payer_id=booking.institution_id,
        payee_id=line.device.owner_id,
        used_on=timezone.localdate(booking.used_from),
        minutes=int((real[1] - real[0]).total_seconds() // 60),
        booked_amount=its.quote(*booked).amount,
        amount=quote.amount,
        basis=quote.basis,
        price=quote.price,
        counted_minutes=quote.minutes,
        free_reason=quote.free_reason,
        agreed=agreed,
        timed_by=timed_by,
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


@one_transaction
def confirm_month(
    *,
    alliance: Alliance,
    payer: Institution,
    payee: Institution,
    month: date,
    total: Decimal,
    by: Any,
    at: datetime,
) -> Settlement:
    """Agree to what a month came to, for the sides one speaks for; `total` is what was seen.

    Agreeing again to the same changes nothing: who agreed first, and when, stays on record.
    """
    houses = {"payer": payer, "payee": payee}
    sides = [name for name, house in houses.items() if policies.may_settle(by, house.pk)]
    policies.insist(bool(sides))
    if Month(month).next > timezone.localdate(at):
        message = _("The month is still running. Confirm it once it is over.")
        raise DomainError("month_running", message)
    row = _locked(alliance, payer, payee, month)
    found, uses = _sum(alliance, payer, payee, month)
    if not uses or found != total:
        message = _("The sum has changed since you opened the page. Look at it again.")
        raise DomainError("sum_changed", message)
    if (row.total, row.uses) != (found, uses):
        # What was agreed to was another sum.
        row.total, row.uses = found, uses
        for name in _CLEARED:
            setattr(row, name, None)
    new = [name for name in sides if getattr(row, f"{name}_confirmed_at") is None]
    if not new:
        return row
    for name in new:
        setattr(row, f"{name}_confirmed_at", at)
        setattr(row, f"{name}_confirmed_by", by)
    _keep(row, "booking.month_confirmed", by, [payer, payee])
    return row


@one_transaction
def mark_paid(
    *,
    alliance: Alliance,
    payer: Institution,
    payee: Institution,
    month: date,
    total: Decimal,
    by: Any,
    at: datetime,
) -> Settlement:
    """Say that what both confirmed has been received; by who is paid. Once: again changes nothing."""
    policies.insist(policies.may_settle(by, payee.pk))
    row = _locked(alliance, payer, payee, month)
    is_agreed = row.payer_confirmed_at is not None and row.payee_confirmed_at is not None
    holds = row.total == total and (row.total, row.uses) == _sum(alliance, payer, payee, month)
    if not (is_agreed and holds):
        raise DomainError("not_agreed", _("Both sides confirm the sum first."))
    if row.paid_at is not None and row.paid_total == row.total:
        return row
    row.paid_at, row.paid_by, row.paid_total = at, by, row.total
    _keep(row, "booking.month_paid", by, [payer, payee])
    return row


def _locked(alliance: Alliance, payer: Institution, payee: Institution, month: date) -> Settlement:
    """The month between two houses for this transaction alone, begun where it is not yet."""
    key = {"alliance": alliance, "payer": payer, "payee": payee, "month": month}
    Settlement.objects.bulk_create([Settlement(**key, total=0, uses=0)], ignore_conflicts=True)
    row: Settlement = Settlement.objects.select_for_update().get(**key)
    return row


def _sum(
    alliance: Alliance, payer: Institution, payee: Institution, month: date
) -> tuple[Decimal, int]:
    rows: Any = Charge.objects.filter(alliance=alliance, payer=payer, payee=payee)
    found = rows.in_month(month, Month(month).next).aggregate(total=Sum("amount"), uses=Count("pk"))
    return found["total"] or Decimal(0), found["uses"]


def _keep(row: Settlement, act: str, by: Any, houses: list[Institution]) -> None:
    row.version += 1
    row.save()
    for house in houses:
        ledger.record(
            act, by=by, subject=row, institution_id=house.pk,
            changed={"total": ["", str(row.total)]},
        )  # fmt: skip
