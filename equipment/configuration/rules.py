"""Pure rules of the base configuration: what is missing, who is equipped, how old devices are."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from alliance.institutions.choices import TIER_RANK
from equipment.devices.rules import years_between

from .choices import CONFIGURED_TIERS


@dataclass(frozen=True)
class Gap:
    """What one institution must have of one type, and has.

    `have` stand on the register, `too_old` of them are past the age the standard allows, `usable`
    are neither too old nor out of service.
    """

    alliance_id: int
    institution_id: int
    institution: str
    tier: str
    type_id: int
    type_code: str
    type_name: str
    need: int
    max_age_years: int | None
    have: int
    too_old: int
    usable: int

    @property
    def fit(self) -> int:
        """Those that count: on the register and not too old, in service or not."""
        return self.have - self.too_old

    @property
    def out(self) -> int:
        """Those that would count and are not in service."""
        return self.fit - self.usable

    @property
    def short(self) -> int:
        """How many have to be bought or replaced."""
        return max(0, self.need - self.fit)

    @property
    def missing(self) -> int:
        """How many are wanting at the moment, those in repair among them."""
        return max(0, self.need - self.usable)

    @property
    def standing(self) -> str:
        """short, out or met."""
        if self.short:
            return "short"
        return "out" if self.missing else "met"


@dataclass(frozen=True)
class Share:
    """How many institutions of a tier have what they must of one type."""

    tier: str
    type_id: int
    type_name: str
    asked: int
    equipped: int
    without: int
    working: int
    short: int
    too_old: int

    @property
    def percent(self) -> int:
        """The share of institutions equipped."""
        return percent(self.equipped, self.asked)

    @property
    def working_percent(self) -> int:
        """The share of institutions whose devices also work at the moment."""
        return percent(self.working, self.asked)


def percent(part: int, whole: int) -> int:
    """A share in whole per cent, half up; 0 of nothing."""
    return (200 * part + whole) // (2 * whole) if whole else 0


def shares(gaps: Iterable[Gap]) -> list[Share]:
    """The share equipped of each tier and type, the highest tier first, then by name of the type."""
    grouped: dict[tuple[str, int], list[Gap]] = {}
    for gap in gaps:
        grouped.setdefault((gap.tier, gap.type_id), []).append(gap)
    found = [
        Share(
            tier=tier,
            type_id=type_id,
            type_name=rows[0].type_name,
            asked=len(rows),
            equipped=sum(row.short == 0 for row in rows),
            without=sum(row.have == 0 for row in rows),
            working=sum(row.missing == 0 for row in rows),
            short=sum(row.short for row in rows),
            too_old=sum(row.too_old for row in rows),
        )
        for (tier, type_id), rows in grouped.items()
    ]
    return sorted(found, key=lambda one: (-TIER_RANK[one.tier], one.type_name, one.type_id))


@dataclass(frozen=True)
class House:
    """How an institution stands: of how many types it has too little, and how many devices.

    `out` are those it has as it must but cannot use at the moment; what is out of service beyond
    what it must have is nothing that it lacks.
    """

    institution_id: int
    institution: str
    tier: str
    types: int
    short_types: int
    short: int
    out: int


def houses(gaps: Iterable[Gap]) -> list[House]:
    """Each institution as a whole, those that lack most first."""
    grouped: dict[int, list[Gap]] = {}
    for gap in gaps:
        grouped.setdefault(gap.institution_id, []).append(gap)
    found = [
        House(
            institution_id=pk,
            institution=rows[0].institution,
            tier=rows[0].tier,
            types=len(rows),
            short_types=sum(row.short > 0 for row in rows),
            short=sum(row.short for row in rows),
            out=sum(row.missing - row.short for row in rows),
        )
        for pk, rows in grouped.items()
    ]
    return sorted(found, key=lambda one: (-one.short_types, -one.short, one.institution))


# Where the bands of the age pyramid begin, in years.
AGE_BANDS: Sequence[int] = (0, 2, 4, 6, 8, 10)


def pyramid(counts: Iterable[tuple[str, date, int]], *, on: date) -> dict[int, dict[str, int]]:
    """Devices by age band and tier, from (tier, aged from, how many)."""
    found: dict[int, dict[str, int]] = {band: {} for band in AGE_BANDS}
    for tier, since, number in counts:
        band = max(start for start in AGE_BANDS if start <= years_between(since, on))
        found[band][tier] = found[band].get(tier, 0) + number
    return found


def older(counts: Iterable[tuple[str, date, int]], *, on: date, years: int) -> tuple[int, int]:
    """How many devices have been in use for so many years, and of how many."""
    rows = list(counts)
    old = sum(number for _tier, since, number in rows if years_between(since, on) >= years)
    return old, sum(number for _tier, _since, number in rows)


def item_errors(*, tier: str, minimum: int, max_age_years: int | None) -> Mapping[str, Any]:
    """What is wrong with a line of an edition: `{field: sentence}`."""
    if tier not in CONFIGURED_TIERS:
        return {"tier": _("Choose among township, county and tertiary.")}
    if not 1 <= minimum <= MOST:
        return {"minimum": _("Ask for one to a hundred.")}
    if max_age_years is not None and not 1 <= max_age_years <= OLDEST:
        return {"max_age_years": _("Choose from one to sixty years, or leave it empty.")}
    return {}


MOST, OLDEST = 100, 60
