"""What the actions on tours share: the tour's row as the lock, its history, who hears of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from alliance.core import ledger, outbox, versions
from alliance.core.errors import DomainError

from .. import policies
from ..choices import HOLDING, Act
from ..models import Stop, Tour, TourEvent


def locked(tour_id: int, by: Any, version: int | None = None) -> Tour:
    """The tour for this transaction alone, for who plans it."""
    rows = Tour.objects.select_for_update(no_key=True, of=("self",))
    row: Tour = rows.select_related("vehicle", "owner", "alliance").get(pk=tour_id)
    policies.insist(policies.may_plan(by, row))
    versions.check(row, version)
    return row


def insist_on_open(tour: Tour) -> None:
    """Refuse to change what is over."""
    if tour.status not in HOLDING:
        message = _("This tour stands at “%(status)s” and no longer changes.")
        raise DomainError("tour_closed", message % {"status": tour.get_status_display()})


def needed(reason: str) -> str:
    """The reason as it is kept; ValidationError where there is none."""
    if not reason.strip():
        raise ValidationError({"reason": _("Say why: those who come will read it.")})
    return reason.strip()


def record(
    tour: Tour,
    act: Act,
    source: str,
    *,
    by: Any,
    at: datetime,
    stop: Stop | None = None,
    reason: str = "",
) -> TourEvent:
    """Write the event, the line of the ledger, and the promise to tell people."""
    event = TourEvent.objects.create(
        tour=tour, act=act, source=source, target=tour.status, stop=stop, reason=reason,
        by=by, at=at,
    )  # fmt: skip
    ledger.record(
        f"tour.{act.value}", by=by, subject=tour, institution_id=tour.owner_id,
        **({"reason": reason} if reason else {}),
    )  # fmt: skip
    outbox.put("tours.event", event_id=event.pk)
    return event
