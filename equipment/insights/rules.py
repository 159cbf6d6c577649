"""Pure rules of insights: capacity, shares, cost per use, where a device would help most."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from types import MappingProxyType
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


def percent(part: float, of: float) -> int:
    """A share in whole per cent."""
    return round(100 * part / of)


# Each number of a `Want`, and how many of it its weight is for.
NUMBERS: Final[Mapping[str, int]] = MappingProxyType(
    {
        "refused": 1,
        "waiting": 1,
        "waited": 1,
        "missing": 1,
        "load": 100,
        "borrowed": 10,
        "away": 1,
        "techniques": 10,
        "doctors": 10,
        "beds": 100,
    }
)
_TENTHS: Final = 10


@dataclass(frozen=True, slots=True)
class Weights:
    """The points that each number of a `Want` counts; `even` is the load that counts nothing."""

    points: Mapping[str, int]
    even: int


@dataclass(frozen=True, slots=True)
class Want:
    """What is wanting of one type at one institution, and what a further one would serve there.

    Days refused, entries on the waiting list in vain and the days these waited, devices missing by
    the base configuration, the load of those there (in per cent; None: none is shared), how often
    others' devices were used, how far away the nearest one is, techniques that need one and that
    somebody there may perform, how many people these are, and the beds of the house.
    """

    institution_id: int
    type_id: int
    refused: int = 0
    waiting: int = 0
    waited: float = 0
    missing: int = 0
    load: int | None = None
    borrowed: int = 0
    away: int = 0
    techniques: int = 0
    doctors: int = 0
    beds: int = 0

    def points(self, weights: Weights) -> float:
        """All points together, to a tenth; a place whose devices stand idle can get less than none.

        Each number counts its weight times; of the load only what is above the even one.
        """
        counted = replace(self, load=None if self.load is None else self.load - weights.even)
        tenths = (
            round((getattr(counted, name) or 0) * weights.points[name] * _TENTHS / per)
            for name, per in NUMBERS.items()
        )
        return sum(tenths) / _TENTHS


def ranked(found: Collection[Want], weights: Weights) -> list[Want]:
    """Where one more device would help, most points first.

    Of the same points whoever was refused oftener, then waited longer, then has more beds.
    """

    def place(row: Want) -> tuple[float, ...]:
        told = (row.points(weights), row.refused, row.waited, row.beds)
        return (*(-one for one in told), row.institution_id, row.type_id)

    return sorted(found, key=place)


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a house is: the code of its division (province, prefecture, county), and its tier."""

    division: str
    tier: int


# Farther than any house: another prefecture, and from a village up to a tertiary hospital.
NOWHERE: Final = 7
_COUNTY, _PREFECTURE = 6, 4


def away(house: Spot, lenders: Collection[Spot]) -> int:
    """Steps to the nearest house that lends: one to any, and what more lies between.

    One more to another county, again to another prefecture, and for each tier up or down.
    """
    return min((_steps(house, one) for one in lenders), default=NOWHERE)


def _steps(house: Spot, lender: Spot) -> int:
    borders = sum(house.division[:n] != lender.division[:n] for n in (_COUNTY, _PREFECTURE))
    return 1 + borders + abs(house.tier - lender.tier)
