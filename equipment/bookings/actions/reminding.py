"""Reminding people of bookings that begin soon."""

from datetime import datetime, timedelta

from django.utils import timezone

from alliance.core import outbox
from alliance.core.policy import policies_of
from alliance.core.transactions import one_transaction

from ..choices import Status
from ..models import Booking

_KEY = "bookings.remind_hours"
# The longest that policy allows (see `defaults`).
_HOURS_MOST = 168


@one_transaction
def remind(*, now: datetime) -> int:
    """Promise a reminder of each booking that begins soon; return of how many.

    A booking is claimed by the column that says when it was reminded of, so a second run finds
    nothing left to do.
    """
    soon = Booking.objects.filter(
        status=Status.CONFIRMED,
        starts_at__gt=now,
        starts_at__lte=now + timedelta(hours=_HOURS_MOST),
        reminded_at=None,
    )
    claimed = soon.select_for_update(skip_locked=True, no_key=True)
    rows = list(claimed.only("pk", "alliance_id", "starts_at").order_by("pk"))
    values = policies_of(
        alliance_ids={row.alliance_id for row in rows}, on=timezone.localdate(now), keys=[_KEY]
    )
    due = [
        row.pk
        for row in rows
        if row.starts_at <= now + timedelta(hours=values[row.alliance_id][_KEY])
    ]
    Booking.objects.filter(pk__in=due).update(reminded_at=now)
    outbox.put_all("bookings.reminder", [{"booking_id": pk} for pk in due])
    return len(due)
