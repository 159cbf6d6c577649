"""Pure rules of overruns: when the next is told, and to which times a booking can be moved."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

# Times are offered on the full five minutes, as people say them.
STEP = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Busy:
    """A time that is taken, and what a use needs before and after it: set-up and cleaning."""

    since: datetime
    until: datetime
    before: timedelta = timedelta(0)
    after: timedelta = timedelta(0)

    def meets(self, start: datetime, length: timedelta) -> bool:
        """Whether a use that begins then would meet it."""
        return start - self.before < self.until and self.since < start + length + self.after


def is_due(*, ends_at: datetime, next_from: datetime, at: datetime, warning: timedelta) -> bool:
    """Whether the next must hear of it: the booked time is over, and theirs is near."""
    return ends_at <= at and next_from - warning <= at


def rounded(moment: datetime) -> datetime:
    """The next full five minutes."""
    over = timedelta(
        minutes=moment.minute % 5, seconds=moment.second, microseconds=moment.microsecond
    )
    return moment - over + STEP if over else moment


def starts(
    *,
    after: datetime,
    until: datetime,
    length: timedelta,
    busy: Collection[Busy],
    limit: int,
) -> list[datetime]:
    """The first times from which a use fits; the second lies behind the first, and so on."""
    found: list[datetime] = []
    start = rounded(after)
    while start <= until and len(found) < limit:
        clashes = [one.until + one.before for one in busy if one.meets(start, length)]
        if clashes:
            start = rounded(max(clashes))
        else:
            found.append(start)
            start += max(length, STEP)
    return found
