"""When somebody means by “next week”; pure."""

from datetime import date, datetime, time, timedelta, tzinfo

from .choices_search import Span
from .rules import Period

_QUARTER = timedelta(minutes=15)


def period_of(span: str, *, on: date | None, today: date, zone: tzinfo) -> Period:
    """The days meant, from their first midnight until after their last; `on` beats the words."""
    if on is not None:
        return _days(on, 1, zone)
    monday = today - timedelta(days=today.weekday())
    starts, days = {
        Span.TODAY: (today, 1),
        Span.TOMORROW: (today + timedelta(days=1), 1),
        Span.THIS_WEEK: (today, 7 - today.weekday()),
        Span.NEXT_WEEK: (monday + timedelta(days=7), 7),
    }.get(Span(span), (today, 14))
    return _days(starts, days, zone)


def _days(first: date, days: int, zone: tzinfo) -> Period:
    end = first + timedelta(days=days)
    return Period(datetime.combine(first, time(), zone), datetime.combine(end, time(), zone))


def tidy(slot: Period, *, minutes: int) -> Period | None:
    """A free time that begins at a quarter of an hour; None where nothing useful remains."""
    over = timedelta(minutes=slot.since.minute % 15, seconds=slot.since.second)
    over += timedelta(microseconds=slot.since.microsecond)
    since = slot.since if not over else slot.since + _QUARTER - over
    enough = since + timedelta(minutes=minutes) <= slot.until
    return Period(since, slot.until) if enough else None
