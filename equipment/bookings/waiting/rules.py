"""Pure rules of the waiting list."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta, tzinfo
from typing import Any

from django.utils.translation import gettext_lazy as _

from ..rules import local_days, moment, period

Period = tuple[datetime, datetime]


def window_errors(
    *, minutes: int, wanted_from: datetime, wanted_until: datetime, at: datetime, days_most: int
) -> Mapping[str, Any]:
    """Why somebody cannot wait for a time: `{field: sentence}`."""
    if wanted_until <= at:
        return {"wanted_until": _("This time is over.")}
    if wanted_until - max(wanted_from, at) < timedelta(minutes=minutes):
        return {"wanted_until": _("The use does not fit between these two times.")}
    if wanted_until - at > timedelta(days=days_most):
        return {"wanted_until": _("This is too far ahead to wait for.")}
    return {}


def answer_by(
    *, now: datetime, starts_at: datetime, minutes: int, hours: tuple[int, int], zone: tzinfo
) -> datetime:
    """Until when an offer is kept: some minutes by day, and never past its own beginning.

    Only the minutes between two hours of the wall clock count; all do where there are none such.
    """
    left, (opens, closes) = timedelta(minutes=minutes), hours
    if opens >= closes:
        return min(now + left, starts_at)
    for day in local_days(period(now, starts_at), zone):
        since, until = max(now, moment(day, opens, zone)), moment(day, closes, zone)
        if since + left <= until:
            return min(since + left, starts_at)
        left -= max(until - since, timedelta(0))
    return starts_at


def first_fit(
    free: Iterable[Period],
    *,
    minutes: int,
    wanted_from: datetime,
    wanted_until: datetime,
    without: Iterable[Period] = (),
) -> Period | None:
    """The first stretch of so many minutes within free times and a window.

    `without` are times that were offered and not taken: they are not offered again.
    """
    length, closed = timedelta(minutes=minutes), sorted(without)
    for since, until in sorted(free):
        at, end = max(since, wanted_from), min(until, wanted_until)
        for gone_from, gone_until in closed:
            if at < gone_until and gone_from < at + length:
                at = gone_until
        if at + length <= end:
            return at, at + length
    return None


def taken_out(free: Iterable[Period], gone: Period) -> list[Period]:
    """The free times without a stretch that was just promised."""
    found = []
    for since, until in free:
        if gone[1] <= since or until <= gone[0]:
            found.append((since, until))
            continue
        if since < gone[0]:
            found.append((since, gone[0]))
        if gone[1] < until:
            found.append((gone[1], until))
    return found
