"""Stops: added to a tour, changed, called off by who plans it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from alliance.core import versions
from alliance.core.errors import DomainError
from alliance.core.saving import assign, store
from alliance.core.transactions import one_transaction
from alliance.institutions.models import Institution, Membership

from .. import rules
from ..choices import Act, Status
from ..models import Stop, Tour
from .common import insist_on_open, locked, needed, record
from .tours import give_up


@one_transaction
def add_stop(
    *,
    tour: Tour,
    institution: Institution,
    starts_at: datetime,
    ends_at: datetime,
    capacity: int,
    by: Any,
    at: datetime,
    location: str = "",
) -> Stop:
    """Let the tour stop at a member of the alliance, with so many places."""
    tour = locked(tour.pk, by)
    insist_on_open(tour)
    stop = Stop(
        tour=tour, vehicle=tour.vehicle, institution=institution, starts_at=starts_at,
        ends_at=ends_at, capacity=capacity, location=location.strip(),
    )  # fmt: skip
    _save(stop, tour, at)
    record(tour, Act.STOP_ADD, tour.status, by=by, at=at, stop=stop)
    return stop


@one_transaction
def change_stop(*, stop: Stop, version: int | None, by: Any, at: datetime, **values: Any) -> Stop:
    """Change the time, the spot or the number of places; who booked is told.

    To another institution a stop moves only while the tour is being planned: afterwards those who
    count on it would find it gone without a word.
    """
    tour, stop = _open(stop, by, version)
    house = values.get("institution", stop.institution)
    if house != stop.institution and tour.status != Status.PLANNED:
        message = _("It is announced there. Call this stop off and add another.")
        raise ValidationError({"institution": message})
    if not assign(stop, values):
        return stop
    stop.version += 1
    _save(stop, tour, at)
    record(tour, Act.STOP_CHANGE, tour.status, by=by, at=at, stop=stop)
    return stop


@one_transaction
def cancel_stop(
    *, stop: Stop, reason: str, by: Any, at: datetime, version: int | None = None
) -> Stop:
    """Call a stop off, with the reason; its places are free and who booked them is told."""
    tour, stop = _open(stop, by, version)
    if stop.starts_at <= at:
        raise DomainError("stop_begun", _("This stop has begun and is no longer called off."))
    stop.cancelled_at, stop.cancel_reason = at, needed(reason)
    stop.version += 1
    stop.save()
    give_up([stop], by=by, at=at)
    values = {"by": by, "at": at, "stop": stop, "reason": stop.cancel_reason}
    record(tour, Act.STOP_CANCEL, tour.status, **values)
    return stop


def _open(stop: Stop, by: Any, version: int | None) -> tuple[Tour, Stop]:
    """The tour and its stop for this transaction alone, as long as they change."""
    tour = locked(stop.tour_id, by)
    rows = Stop.objects.select_for_update(no_key=True, of=("self",)).select_related("institution")
    row: Stop = rows.get(pk=stop.pk)
    versions.check(row, version)
    insist_on_open(tour)
    if row.cancelled_at is not None:
        raise DomainError("stop_cancelled", _("This stop was called off."))
    return tour, row


def _save(stop: Stop, tour: Tour, at: datetime) -> None:
    period = (stop.starts_at, stop.ends_at)
    whole = (tour.starts_at, tour.ends_at)
    errors = rules.stop_errors(period, tour=whole, capacity=stop.capacity, taken=stop.taken, at=at)
    if not _is_member(tour.alliance_id, stop.institution_id, stop.starts_at):
        errors["institution"] = _("This institution does not belong to the alliance that day.")
    store(stop, errors)


def _is_member(alliance_id: int, institution_id: int, at: datetime) -> bool:
    rows = Membership.objects.in_force(timezone.localdate(at))
    return rows.filter(alliance=alliance_id, institution=institution_id).exists()
