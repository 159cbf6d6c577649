"""The only way a purchase moves: lock, version, policy, table, rules, row, event, news."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from alliance.core import ledger, outbox, versions
from alliance.core.errors import DomainError
from alliance.core.saving import store
from alliance.core.transactions import one_transaction
from equipment.devices import actions as devices

from .. import evidence, policies, rules, selectors
from ..choices import Move, Status
from ..models import Purchase, PurchasedDevice, PurchaseEvent
from ..workflow import TRANSITIONS, next_status
from . import applying

Data = Mapping[str, Any]
_DELIVERIES = frozenset({Move.DELIVER, Move.DELIVER_PART})


@one_transaction
def correct_and_submit(*, purchase: Purchase, by: Any, **said: Any) -> Purchase:
    """Keep what an application says and hand it in: both or, where something is wrong, neither.

    So the page that comes back with what to mend still holds the version that it was opened with.
    """
    saved = applying.correct(purchase=purchase, by=by, **said)
    return move(purchase=saved, move=Move.SUBMIT, by=by)


@one_transaction
def move(
    *,
    purchase: Purchase,
    move: Move,
    by: Any,
    reason: str = "",
    version: int | None = None,
    data: Data | None = None,
) -> Purchase:
    """Make a move; `data` holds what it needs beside the reason (see the functions below)."""
    row: Purchase = (
        Purchase.objects.select_for_update(of=("self",))
        .select_related("institution", "type")
        .get(pk=purchase.pk)
    )
    _insist(by, move, row)
    versions.check(row, version)
    move = _meant(row, move, data or {})
    source, target = row.status, next_status(row.status, move)
    reason = reason.strip()
    if "reason" in TRANSITIONS[move].needs and not reason:
        raise ValidationError({"reason": _("Say why.")})
    kept = _EFFECTS[move](row, data or {}, by)
    row.status = target
    row.version += 1
    store(row)
    event = PurchaseEvent.objects.create(
        purchase=row, move=move, source=source, target=target, reason=reason, data=kept, by=by
    )
    ledger.record(
        f"purchase.{move.value}",
        by=by,
        subject=row,
        institution_id=row.institution_id,
        type=row.type.code,
        reason=reason,
        **kept,
    )
    outbox.put("purchases.moved", event_id=event.pk)
    return row


def _meant(row: Purchase, move: Move, data: Data) -> Move:
    """Who records a delivery is not asked whether it is all of it: that can be counted."""
    if move not in _DELIVERIES or not row.approved_quantity:
        return move
    return rules.delivery_move(
        found=len(rules.units(data.get("devices", ""))), left=row.still_to_come
    )


def _insist(by: Any, move: Move, row: Purchase) -> None:
    """PermissionDenied for who is not on that side, DomainError for who had it in hand before."""
    if not policies.on_side(by, move, row):
        raise PermissionDenied
    if code := policies.barred(by, move, row):
        raise DomainError(f"barred_{code}", policies.BARRED[code])


def _submit(row: Purchase, data: Data, by: Any) -> dict[str, Any]:
    """What the platform itself knows is asked now and frozen."""
    _refuse(rules.submission_errors(statement=row.statement, unit_price=row.unit_price))
    row.evidence = evidence.gathered(
        institution_id=row.institution_id, type_id=row.type_id, on=timezone.localdate()
    )
    row.submitted_at = timezone.now()
    row.reviewed_by = None
    return {}


def _review(row: Purchase, data: Data, by: Any) -> dict[str, Any]:
    row.reviewed_by = by
    return {}


def _evaluate(row: Purchase, data: Data, by: Any) -> dict[str, Any]:
    """`recommended`, `score`."""
    recommended, score = data.get("recommended"), data.get("score")
    _refuse(rules.evaluation_errors(recommended=recommended, score=score))
    row.is_recommended, row.score, row.evaluated_by = recommended, score, by
    return {"recommended": recommended, "score": score}


def _approve(row: Purchase, data: Data, by: Any) -> dict[str, Any]:
    """`quantity`, `unit_price`, `percent`."""
    quantity: Any = data.get("quantity")
    unit_price: Any = data.get("unit_price")
    percent: Any = data.get("percent")
    within = selectors.subsidy_bounds(row, on=timezone.localdate())
    _refuse(
        rules.decision_errors(
            quantity=quantity,
            asked=row.quantity,
            unit_price=unit_price,
            percent=percent,
            within=within,
        )
    )
    row.approved_quantity, row.approved_price, row.subsidy_percent = quantity, unit_price, percent
    row.subsidy = rules.subsidy(quantity=quantity, unit_price=unit_price, percent=percent)
    _decide(row, by)
    return {
        "quantity": quantity,
        "unit_price": str(unit_price),
        "percent": percent,
        "subsidy": str(row.subsidy),
    }


def _refuse_it(row: Purchase, data: Data, by: Any) -> dict[str, Any]:
    if row.status == Status.SUBMITTED:
        row.reviewed_by = by
    _decide(row, by)
    return {}


def _deliver(row: Purchase, data: Data, by: Any) -> dict[str, Any]:
    """`delivered_on`, `devices` (one a line), `name`, `maker`, `location`.

    The devices come onto the register, and so close the gap by as many.
    """
    found, day = rules.units(data.get("devices", "")), data.get("delivered_on")
    name, today = data.get("name", ""), timezone.localdate()
    _refuse(
        rules.delivery_errors(
            found=found,
            left=row.still_to_come,
            name=name,
            delivered_on=day,
            since=row.delivered_on or timezone.localdate(row.decided_at),
            on=today,
        )
    )
    for unit in found:
        device = devices.register(
            owner=row.institution,
            by=by,
            type=row.type,
            name=name.strip(),
            maker=data.get("maker", "").strip(),
            location=data.get("location", "").strip(),
            asset_number=unit.asset_number,
            serial_number=unit.serial_number,
            price=row.approved_price,
            purchased_on=day,
            in_use_from=day,
        )
        PurchasedDevice.objects.create(purchase=row, device=device)
    row.delivered_on = day
    row.delivered_quantity += len(found)
    return {"delivered_on": str(day), "devices": len(found)}


def _write_off(row: Purchase, data: Data, by: Any) -> dict[str, Any]:
    """What came is all that comes: the subsidy is for that only."""
    row.subsidy = rules.subsidy(
        quantity=row.delivered_quantity,
        unit_price=row.approved_price or Decimal(0),
        percent=row.subsidy_percent or 0,
    )
    return {"written_off": row.still_to_come, "subsidy": str(row.subsidy)}


def _nothing(row: Purchase, data: Data, by: Any) -> dict[str, Any]:
    return {}


_EFFECTS: Mapping[Move, Callable[[Purchase, Data, Any], dict[str, Any]]] = {
    Move.SUBMIT: _submit,
    Move.PASS_ON: _review,
    Move.RETURN: _nothing,
    Move.EVALUATE: _evaluate,
    Move.APPROVE: _approve,
    Move.REFUSE: _refuse_it,
    Move.DELIVER: _deliver,
    Move.DELIVER_PART: _deliver,
    Move.WRITE_OFF: _write_off,
    Move.TAKE_BACK: _nothing,
    Move.GIVE_UP: _nothing,
}


def _decide(row: Purchase, by: Any) -> None:
    row.decided_at, row.decided_by = timezone.now(), by


def _refuse(errors: Mapping[str, Any]) -> None:
    if errors:
        raise ValidationError(dict(errors))
