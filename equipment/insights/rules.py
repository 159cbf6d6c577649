"""Pure rules of insights: capacity, shares, cost per use, where a device would help most."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

WEEK: Final = 7
# Above these parts of the busiest hour a cell of the heat map is darker.
_STEPS: Final = (0.0, 0.25, 0.5, 0.75)
_CENT: Final = Decimal("0.01")

Standing = Iterable[tuple[date, date, int]]


def weekdays(first: date, after: date) -> list[int]:
    """How many Mondays, Tuesdays … Sundays lie from a day until before another."""
    days = max(0, (after - first).days)
    whole, rest = divmod(days, WEEK)
    begun = first.weekday()
    return [whole + ((day - begun) % WEEK < rest) for day in range(WEEK)]


def capacity(standing: Standing, *, first: date, after: date) -> list[int]:
    """By weekday: how many days of devices there were, of devices that stood from until before."""
    total = [0] * WEEK
    for since, until, number in standing:
        for day, count in enumerate(weekdays(max(since, first), min(until, after))):
            total[day] += count * number
    return total


@dataclass(frozen=True, slots=True)
class Cell:
    """An hour of a weekday: the hours it was used, of those there were; `peak` the largest share."""

    used: float
    of: int
    peak: float = 1.0

    @property
    def share(self) -> float:
        """The part used, from 0; several devices count together."""
        return self.used / self.of if self.of else 0.0

    @property
    def percent(self) -> int:
        """The same in whole per cent."""
        return round(100 * self.share)

    @property
    def level(self) -> int:
        """How dark it is drawn: 0 for unused, else 1 to 4."""
        return sum(self.share > step * self.peak for step in _STEPS)


@dataclass(frozen=True, slots=True)
class Hour:
    """A line of the heat map: an hour of the day, Monday to Sunday."""

    hour: int
    cells: Sequence[Cell]


def heat(
    used: Mapping[tuple[int, int], float], days: Sequence[int], *, opens: int, closes: int
) -> list[Hour]:
    """The heat map of (weekday, hour) to hours used: the hours of sharing, and others with use."""
    seen = {hour for _day, hour in used} | set(range(opens, closes))
    peak = max((Cell(hours, days[day]).share for (day, _hour), hours in used.items()), default=0.0)
    return [
        Hour(hour, [Cell(used.get((day, hour), 0.0), days[day], peak) for day in range(WEEK)])
        for hour in range(min(seen, default=0), max(seen, default=-1) + 1)
    ]


def bookable_hours(days: int, hours_a_day: int, down: timedelta) -> float:
    """Hours in which a device could be booked: down at night costs as little as its share."""
    up = max(0.0, days - down / timedelta(days=1))
    return up * hours_a_day


def cost_of(price: Decimal, *, lives: tuple[date, date], period: tuple[date, date]) -> Decimal:
    """What a price comes to in a period, in equal parts for each day of the expected life."""
    begins, ends = lives
    days = (min(ends, period[1]) - max(begins, period[0])).days
    return (price * max(0, days) / (ends - begins).days).quantize(_CENT)


def per_use(cost: Decimal, uses: int) -> Decimal | None:
    """What one use cost; None where there was none."""
    return (cost / uses).quantize(_CENT) if uses else None


@dataclass(frozen=True, slots=True)
class Want:
    """What is wanting of one type at one institution, and the points that this counts."""

    institution_id: int
    type_id: int
    refused: int
    waiting: int
    missing: int
    points: int


Counts = Mapping[tuple[int, int], int]


def wants(
    refused: Counts, waiting: Counts, missing: Counts, *, weights: tuple[int, int, int]
) -> list[Want]:
    """Where one more device would help, by (institution, type), most points first."""
    found: Collection[tuple[int, int]] = {*refused, *waiting, *missing}
    rows = []
    for pair in found:
        numbers = (refused.get(pair, 0), waiting.get(pair, 0), missing.get(pair, 0))
        points = sum(number * weight for number, weight in zip(numbers, weights, strict=True))
        rows.append(Want(*pair, *numbers, points))
    kept = [row for row in rows if row.points]
    return sorted(kept, key=lambda row: (-row.points, row.institution_id, row.type_id))
