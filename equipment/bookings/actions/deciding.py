"""Approve, refuse, cancel, excuse."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from alliance.core import versions
from alliance.core.errors import DomainError
from alliance.core.transactions import one_transaction

from .. import consequences, policies, workflow
from ..choices import Act, Move, Status
from ..models import BookedDevice, Booking
from . import common


@one_transaction
def approve(*, booking: Booking, by: Any, at: datetime, version: int | None = None) -> Booking:
    """Agree for the devices one keeps; confirmed once the last keeper has agreed."""
    row = common.locked(booking, by, Move.APPROVE, version)
    workflow.next_status(row.status, Move.APPROVE)
    if row.ends_at <= at:
        raise DomainError("too_late", _("The booked time is over. Ask them to book again."))
    lines = list(row.lines.all())
    mine = [line for line in lines if policies.waits_for(by, line)]
    if not mine:
        raise DomainError("approved", _("You have agreed already; another keeper has to answer."))
    for line in mine:
        line.approved_at, line.approved_by = at, by
    BookedDevice.objects.bulk_update(mine, ["approved_at", "approved_by"])
    waits = any(line.needs_approval and line.approved_at is None for line in lines)
    target = Status.REQUESTED if waits else Status.CONFIRMED
    common.move(row, Move.APPROVE, by=by, at=at, target=target)
    return row


@one_transaction
def refuse(
    *, booking: Booking, reason: str, by: Any, at: datetime, version: int | None = None
) -> Booking:
    """Refuse a request, with the reason; its time is free again."""
    row = common.locked(booking, by, Move.REFUSE, version)
    common.move(row, Move.REFUSE, by=by, at=at, reason=common.needed(reason))
    return row


@one_transaction
def cancel(
    *, booking: Booking, reason: str, by: Any, at: datetime, version: int | None = None
) -> Booking:
    """Give the time back. By who booked, and too late, it counts like a missed booking.

    `consequences` say when it does not, and tell it before.
    """
    row = common.locked(booking, by, Move.CANCEL, version)
    policies.insist(policies.may_end(by, row))
    why = common.needed(reason)
    is_late = consequences.counts_if_cancelled(row, by, at)
    return give_back(row, why, by=by, at=at, is_late=is_late)


def give_back(
    row: Booking,
    reason: str,
    *,
    by: Any,
    at: datetime,
    is_late: bool,
    data: Mapping[str, Any] | None = None,
) -> Booking:
    """End a locked booking that did not begin, counted or not."""
    fields = {"is_late": is_late}
    common.move(row, Move.CANCEL, by=by, at=at, reason=reason, fields=fields, data=data)
    return row


@one_transaction
def excuse(
    *, booking: Booking, reason: str, by: Any, at: datetime, version: int | None = None
) -> Booking:
    """Let a missed or late-cancelled booking not count."""
    row = common.lock(booking.pk)
    policies.insist(policies.may_excuse(by, row))
    versions.check(row, version)
    if row.is_excused or not (row.is_late or row.status == Status.NO_SHOW):
        raise DomainError("nothing_to_excuse", _("Nothing counts against this booking."))
    why = common.needed(reason)
    return common.change(row, Act.EXCUSE, {"is_excused": True}, by=by, at=at, reason=why)
