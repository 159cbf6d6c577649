"""What one use of a device costs its owner."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Q, Sum

from equipment.devices.models import Device
from equipment.service.models import ServiceRecord, WorkOrder

from .. import rules
from ..scope import Scope
from .use import devices, number_of_uses, was_shared


@dataclass(frozen=True, slots=True)
class Cost:
    """One device in the period: its part of the price, what checks and repairs cost, its uses."""

    device: Device
    wear: Decimal
    checks: Decimal
    repairs: Decimal
    uses: int
    was_shared: bool

    @property
    def together(self) -> Decimal:
        """All parts."""
        return self.wear + self.checks + self.repairs

    @property
    def per_use(self) -> Decimal | None:
        """For one use; None where there was none."""
        return rules.per_use(self.together, self.uses)


def costs(scope: Scope) -> list[Cost]:
    """Devices for sharing or used, whose price is known: dearest use first, unused ones last.

    Five queries for any number.
    """
    checks, repairs, uses = _checks(scope), _repairs(scope), number_of_uses(scope)
    priced = devices(scope).filter(price__isnull=False).annotate(was_shared=was_shared(scope))
    found = list(priced.filter(Q(was_shared=True) | Q(pk__in=uses)).for_list())
    none = Decimal(0)
    rows = [
        Cost(
            one,
            _wear(one, scope),
            checks.get(one.pk, none),
            repairs.get(one.pk, none),
            uses.get(one.pk, 0),
            one.was_shared,
        )
        for one in found
    ]
    return sorted(rows, key=_dearest_first)


def _dearest_first(row: Cost) -> tuple[Any, ...]:
    per_use = row.per_use
    dear = -row.together if per_use is None else -per_use
    return (per_use is None, dear, row.device.pk)


def _wear(device: Device, scope: Scope) -> Decimal:
    period = (scope.first, min(scope.after, device.retired_on or scope.after))
    lives = (device.in_use_from, device.life_ends_on)
    return rules.cost_of(device.price or Decimal(0), lives=lives, period=period)


def _checks(scope: Scope) -> dict[int, Decimal]:
    """By device: what checks and maintenance of the period cost."""
    rows = ServiceRecord.objects.standing().filter(
        scope.devices("device__"),
        done_on__gte=scope.first,
        done_on__lt=scope.after,
        cost__isnull=False,
    )
    return dict(rows.order_by().values_list("device").annotate(together=Sum("cost")))


def _repairs(scope: Scope) -> dict[int, Decimal]:
    """By device: what work orders that were closed in the period cost."""
    rows = WorkOrder.objects.filter(
        scope.devices("device__"),
        closed_at__gte=scope.since,
        closed_at__lt=scope.at,
        cost__isnull=False,
    )
    return dict(rows.order_by().values_list("device").annotate(together=Sum("cost")))
