"""Times in which a device is promised otherwise than by a booking, told by the rooms above.

A room that takes devices away (a tour) registers who says so:

    @holds.source
    def on_tour(device_ids, since, until) -> Iterable[Hold]: ...

It answers for all devices at once. Such a time is not free, and whoever asks for it is told why.
Whoever begins a hold locks the devices first (`actions.common.lock_times`), as every booking does.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Hold:
    """A time in which a device is away, and the same as a sentence."""

    device_id: int
    since: datetime
    until: datetime
    sentence: str


Source = Callable[[Collection[int], datetime, datetime], Iterable[Hold]]
_sources: list[Source] = []


def source(function: Source) -> Source:
    """Register who knows of holds."""
    _sources.append(function)
    return function


def holds(device_ids: Collection[int], since: datetime, until: datetime) -> list[Hold]:
    """Every hold of these devices at a moment of [since, until); a query for each source."""
    return [one for ask in _sources for one in ask(device_ids, since, until)]
