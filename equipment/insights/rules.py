"""Pure rules of insights: capacity, shares, cost per use, where a device would help most."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

WEEK: Final = 7
# Above these parts of the busiest hour a cell of the heat map is darker.
_STEPS: Final = (0.0, 0.25, 0.5, 0.75)
_CENT: Final = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Cell:
    """An hour of a weekday: the hours it was used, of those there were; `peak` the largest share."""

    used: float
    of: float
    peak: float = 1.0

    @property
    def share(self) -> float:
        """The part used, from 0; several devices count together."""
        return self.used / self.of if self.of else 0.0

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
    used: Mapping[tuple[int, int], float],
    there: Mapping[tuple[int, int], float],
    *,
    opens: int,
    closes: int,
) -> list[Hour]:
    """The heat map of (weekday, hour) to hours used, of those there were.

    It shows the hours of sharing, and of the others only those with use.
    """
    seen = {hour for _day, hour in used} | set(range(opens, closes))
    peak = max((Cell(hours, there.get(at, 0)).share for at, hours in used.items()), default=0.0)
    return [
        Hour(hour, [_cell(used, there, (day, hour), peak) for day in range(WEEK)])
        for hour in sorted(seen)
    ]


def _cell(
    used: Mapping[tuple[int, int], float],
    there: Mapping[tuple[int, int], float],
    at: tuple[int, int],
    peak: float,
) -> Cell:
    return Cell(used.get(at, 0.0), there.get(at, 0.0), peak)


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
    weights: tuple[int, int, int]


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
        rows.append(Want(*pair, *numbers, points, weights))
    kept = [row for row in rows if row.points]
    return sorted(kept, key=lambda row: (-row.points, row.institution_id, row.type_id))
