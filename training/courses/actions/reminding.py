"""Who has a seat is reminded of it, once, some hours before."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone

from alliance.core import outbox
from alliance.core.policy import policy
from alliance.core.transactions import one_transaction

from ..choices import SeatStatus
from ..defaults import REMIND_HOURS_MOST
from ..models import Session


@one_transaction
def remind_of_sessions(*, now: datetime) -> int:
    """Promise a reminder of each session that begins soon; return of how many.

    A session is claimed by the row that says when it was reminded of, so a second run, at the same
    time or later, finds nothing left to do.
    """
    soon = Session.objects.filter(
        starts_at__gt=now,
        starts_at__lte=now + timedelta(hours=REMIND_HOURS_MOST),
        reminded_at=None,
        cancelled_at=None,
        closed_at=None,
    )
    rows = list(soon.select_for_update(skip_locked=True, of=("self",)).select_related("teacher"))
    today = timezone.localdate(now)
    hours = {
        pk: policy("course.remind_hours_before", on=today, alliance_id=pk)
        for pk in {row.alliance_id for row in rows}
    }
    due = [row for row in rows if row.starts_at <= now + timedelta(hours=hours[row.alliance_id])]
    Session.objects.filter(pk__in=[row.pk for row in due]).update(reminded_at=now)
    outbox.put_all("courses.seat_news", [news for row in due if (news := _news(row))])
    return len(due)


def _news(session: Session) -> dict[str, object]:
    booked = session.places.filter(status=SeatStatus.BOOKED)
    people = {*booked.values_list("practitioner_id", flat=True)}
    people |= {session.teacher_id} - {None}
    if not people:
        return {}
    return {
        "session_id": session.pk,
        "practitioner_ids": sorted(people),
        "text": "soon",
        "mark": session.starts_at.isoformat(),
    }
