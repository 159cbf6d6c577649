"""Who shares with whom: uses of one house's devices by another."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Q, Sum

from alliance.institutions.models import Institution
from equipment.bookings.models import Charge

from ..scope import Scope
from .use import used_lines


@dataclass(frozen=True, slots=True)
class Flow:
    """Uses of an owner's devices by another house, and what was settled for them."""

    owner: Institution
    user: Institution
    uses: int
    hours: float
    amount: Decimal


def flows(scope: Scope) -> list[Flow]:
    """By owner and user, most uses first; of a house, what it lends and what it borrows."""
    grouped: Any = (
        used_lines(scope, whose=_lent_or_borrowed(scope))
        .exclude(device__owner=F("booking__institution"))
        .order_by()
        .values_list("device__owner", "booking__institution")
        .annotate(number=Count("pk"), together=Sum(F("ended") - F("began")))
    )
    found = {(owner, user): (number, spent) for owner, user, number, spent in grouped}
    houses = Institution.objects.in_bulk({pk for pair in found for pk in pair})
    amounts = _amounts(scope)
    rows = [
        Flow(
            houses[owner],
            houses[user],
            number,
            spent / timedelta(hours=1),
            amounts.get((owner, user), Decimal(0)),
        )
        for (owner, user), (number, spent) in found.items()
    ]
    return sorted(rows, key=lambda row: (-row.uses, row.owner.name, row.user.name))


def _lent_or_borrowed(scope: Scope) -> Q:
    found = Q() if scope.type_id is None else Q(device__type=scope.type_id)
    house = scope.place.institution_id
    if house is None:
        return found
    return found & (Q(device__owner=house) | Q(booking__institution=house))


def _amounts(scope: Scope) -> dict[tuple[int, int], Decimal]:
    rows = Charge.objects.filter(used_on__gte=scope.first, used_on__lt=scope.after)
    if scope.type_id is not None:
        rows = rows.filter(device__type=scope.type_id)
    house = scope.place.institution_id
    if house is None:
        rows = rows.filter(alliance=scope.place.alliance_id)
    else:
        rows = rows.filter(Q(payee=house) | Q(payer=house))
    grouped = rows.order_by().values_list("payee", "payer").annotate(together=Sum("amount"))
    return {(payee, payer): together for payee, payer, together in grouped}
