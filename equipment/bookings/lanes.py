"""A day of a device as a lane of segments, placed in columns of equal width; pure."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

STEP = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of time: free, taken, one's own, out of service or closed.

    `column` and `span` place it; what is shorter than a column still gets one.
    """

    since: datetime
    until: datetime
    kind: str
    title: str = ""
    note: str = ""
    url: str = ""
    column: int = 0
    span: int = 0


def placed(
    segments: Iterable[Segment], *, since: datetime, until: datetime, step: timedelta = STEP
) -> list[Segment]:
    """The segments of [since, until) in order, cut to it, none over another.

    Where the columns of a short one would cover the next, the next begins after it; what finds no
    column at the end is joined to the last.
    """
    last = _columns(until - since, step, up=True)
    found: list[Segment] = []
    taken = 0
    for one in sorted(segments, key=lambda one: (one.since, one.until)):
        if one.until <= since or one.since >= until:
            continue
        first = max(taken, _columns(max(one.since, since) - since, step))
        end = max(first + 1, _columns(min(one.until, until) - since, step, up=True))
        first, end = min(first, last - 1), min(end, last)
        found.append(replace(one, column=first + 1, span=end - first))
        taken = end
    return found


def joined(segments: Iterable[Segment], *, since: datetime, until: datetime) -> list[Segment]:
    """Segments of one kind cut to [since, until), those that overlap as one that says it all."""
    found: list[Segment] = []
    for one in sorted(segments, key=lambda one: (one.since, one.until)):
        if one.until <= since or one.since >= until:
            continue
        cut = replace(one, since=max(one.since, since), until=min(one.until, until))
        if not found or cut.since > found[-1].until:
            found.append(cut)
            continue
        last = found[-1]
        notes = dict.fromkeys(note for note in (last.note, cut.note) if note)
        found[-1] = replace(last, until=max(last.until, cut.until), note=" ".join(notes))
    return found


def gaps(
    segments: Iterable[Segment], *, since: datetime, until: datetime
) -> list[tuple[datetime, datetime]]:
    """What no segment covers of [since, until)."""
    found, at = [], since
    for one in sorted(segments, key=lambda one: one.since):
        if one.since > at:
            found.append((at, min(one.since, until)))
        at = max(at, one.until)
        if at >= until:
            return found
    return [*found, (at, until)]


def _columns(length: timedelta, step: timedelta, *, up: bool = False) -> int:
    return int(-(-length // step) if up else length // step)
