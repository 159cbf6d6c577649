"""Both houses confirm a month's charges; who is paid says so."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Count, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from alliance.core import ledger
from alliance.core.errors import DomainError
from alliance.core.transactions import one_transaction
from alliance.institutions.models import Alliance, Institution

from ..models import Charge, Settlement
from . import policies
from .statements import Month

_CLEARED = ("payer_confirmed_at", "payer_confirmed_by", "payee_confirmed_at", "payee_confirmed_by")


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
    """Agree to what a month came to, for the sides one speaks for; `total` is what was seen."""
    sides = [
        name
        for name, house in (("payer", payer), ("payee", payee))
        if policies.may_settle(by, house.pk)
    ]
    policies.insist(bool(sides))
    if Month(month).next > timezone.localdate(at):
        message = _("The month is still running. Confirm it from its last day on.")
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
    for name in sides:
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
    """Say that what both confirmed has been received; by who is paid."""
    policies.insist(policies.may_settle(by, payee.pk))
    row = _locked(alliance, payer, payee, month)
    is_agreed = row.payer_confirmed_at is not None and row.payee_confirmed_at is not None
    holds = row.total == total and (row.total, row.uses) == _sum(alliance, payer, payee, month)
    if not (is_agreed and holds):
        raise DomainError("not_agreed", _("Both sides confirm the sum first."))
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
