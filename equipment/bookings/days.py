"""When something is free, as people say it: the hours that most days have in one line; pure."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

from .rules import DAY, Period

# Hours of fewer days than these are not usual.
_USUAL_FROM = 3

# From when until when, counted from midnight.
_Hours = tuple[tuple[timedelta, timedelta], ...]


@dataclass(frozen=True, slots=True)
class Usual:
    """The hours of most days from `first` to `last`; the days that have others, or none at all."""

    hours: Sequence[Period]
    first: date
    last: date
    differ: frozenset[date]
    none: Sequence[date]

    @property
    def has_exceptions(self) -> bool:
        """Whether it is true of most days only."""
        return bool(self.differ or self.none)


def usual(slots: Sequence[Period], zone: tzinfo) -> Usual | None:
    """What most days have in common; None where each has hours of its own.

    Between the first and the last free time, so that it says nothing of days not asked about.
    """
    by_day: dict[date, list[Period]] = {}
    for slot in slots:
        by_day.setdefault(slot.since.astimezone(zone).date(), []).append(slot)
    patterns = {day: _hours(day, own, zone) for day, own in by_day.items()}
    if not patterns:
        return None
    hours, count = Counter(patterns.values()).most_common(1)[0]
    first, last = min(patterns), max(patterns)
    days = [first + number * DAY for number in range((last - first).days + 1)]
    if count < _USUAL_FROM or 2 * count <= len(days):
        return None
    return Usual(
        hours=next(by_day[day] for day in days if patterns.get(day) == hours),
        first=first,
        last=last,
        differ=frozenset(day for day, own in patterns.items() if own != hours),
        none=[day for day in days if day not in patterns],
    )


def _hours(day: date, slots: Sequence[Period], zone: tzinfo) -> _Hours:
    midnight = datetime.combine(day, time(), zone)
    return tuple((slot.since - midnight, slot.until - midnight) for slot in slots)


def unlike(slots: Sequence[Period], usual_: Usual, zone: tzinfo) -> list[Period]:
    """The free times of the days that have other hours than most."""
    return [one for one in slots if one.since.astimezone(zone).date() in usual_.differ]
