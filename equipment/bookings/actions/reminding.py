"""Reminding people of bookings that begin soon."""

from datetime import datetime, timedelta

from django.utils import timezone

from alliance.core import outbox
from alliance.core.policy import policies_of
from alliance.core.transactions import one_transaction
from alliance.institutions.models import Alliance

from ..choices import Status
from ..models import Booking

_KEY = "bookings.remind_hours"


@one_transaction
def remind(*, now: datetime) -> int:
    """Promise a reminder of each booking that begins soon; return of how many.

    A booking is claimed by the column that says when it was reminded of, so a second run finds
    nothing left to do. Alliances that set the same hours are asked about together, and no booking is
    held that is not due: a week of them would be, every few minutes.
    """
    due: list[int] = []
    for hours, alliances in _by_hours(now).items():
        soon = Booking.objects.filter(
            alliance__in=alliances,
            status=Status.CONFIRMED,
            starts_at__gt=now,
            starts_at__lte=now + timedelta(hours=hours),
            reminded_at=None,
        )
        claimed = soon.select_for_update(skip_locked=True, no_key=True)
        due += claimed.order_by("pk").values_list("pk", flat=True)
    Booking.objects.filter(pk__in=due).update(reminded_at=now)
    outbox.put_all("bookings.reminder", [{"booking_id": pk} for pk in due])
    return len(due)


def _by_hours(now: datetime) -> dict[int, list[int]]:
    """By how long before its start a booking is told of: the alliances that set it so."""
    every = list(Alliance.objects.values_list("pk", flat=True))
    values = policies_of(alliance_ids=every, on=timezone.localdate(now), keys=[_KEY])
    found: dict[int, list[int]] = {}
    for alliance_id, set_ in values.items():
        found.setdefault(set_[_KEY], []).append(alliance_id)
    return found
