"""What was found for a technique, sorted by what it needs (按技术查找设备)."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from alliance.institutions.models import Alliance, Institution
from equipment.devices.choices import Condition, Need
from equipment.devices.models import DeviceType
from equipment.devices.selectors import Needed, needs_of
from equipment.tariffs.selectors import terms

from . import spans
from .choices_search import Reach
from .rules import Period, common
from .selectors import Offer

# A division code begins with the six figures of the county.
_COUNTY = 6
# How near a device stands.
_OWN, _NEAR, _FAR = range(3)
# The better the condition the sooner it is offered.
_WORN = (Condition.GOOD, Condition.LIMITED, Condition.POOR)


@dataclass(frozen=True, slots=True)
class Found:
    """A device with what it costs and when it is free, from quarters of an hour on."""

    offer: Offer
    times: Sequence[Period]
    rate: str
    distance: int
    # Whether its keeper has to agree.
    asks: bool = False

    @property
    def is_own(self) -> bool:
        """Whether it belongs to the house that asks."""
        return self.distance == _OWN

    @property
    def is_missing(self) -> bool:
        """Whether the last stock-take looked for it in vain."""
        device: Any = self.offer.device
        return bool(device.is_missing)

    @property
    def is_sound(self) -> bool:
        """Whether it may be chosen for somebody: what is poor or missing one chooses oneself."""
        return self.offer.device.condition != Condition.POOR and not self.is_missing

    @property
    def quality(self) -> tuple[bool, int, bool]:
        """The better the lower: there at all, in good condition, had without asking."""
        worn = _WORN.index(self.offer.device.condition)
        return self.is_missing, worn, self.asks

    @property
    def place(self) -> tuple[Any, ...]:
        """One's own first, then what is near, then of the soonest day the best, then the soonest.

        What is missing comes last: it may have been found since, so it is not left out.
        """
        since = self.times[0].since
        day = timezone.localdate(since)
        return self.is_missing, self.distance, day, self.quality, since, self.offer.device.pk


@dataclass(frozen=True, slots=True)
class Group:
    """The devices of one kind: a type, or a family of types any of which will do.

    `found` are free, `busy` so many are not; with neither, none is within reach.
    """

    types: Sequence[DeviceType]
    is_required: bool
    found: Sequence[Found]
    busy: int

    @property
    def title(self) -> str:
        """The types by name."""
        return " / ".join(str(kind) for kind in self.types)


def companions(technique_id: int, chosen: Collection[int]) -> set[int]:
    """The types a technique also takes, where devices of some types are chosen already.

    Whoever has one of a family needs no other of it.
    """
    needs = [set(one.type_ids) for one in needs_of(technique_id)]
    return {pk for types in needs if types.isdisjoint(chosen) for pk in types}


def area_of(house: Institution, reach: str) -> str:
    """The division in which a device has to stand; empty where that does not matter."""
    return house.division_code[:_COUNTY] if reach == Reach.COUNTY else ""


def near_first(houses: Iterable[Institution], house: Institution) -> list[Institution]:
    """Houses of the county before others, else in their order."""
    area = area_of(house, Reach.COUNTY)
    return sorted(houses, key=lambda one: area_of(one, Reach.COUNTY) != area)


def sorted_by_need(
    offers: Sequence[Offer],
    *,
    house: Institution,
    alliance: Alliance | None,
    technique_id: int | None,
    type_id: int | None,
    minutes: int,
    on: date,
    asking: Collection[int],
) -> list[Group]:
    """What was found, by what is needed, with the terms on which the house uses each device.

    `asking` are the devices whose keepers have to agree.
    """
    its: dict[int, Any] = {}
    if alliance is not None and offers:
        its = terms(
            devices=[one.device for one in offers],
            institution_id=house.pk,
            technique_id=technique_id,
            alliance_id=alliance.pk,
            on=on,
        )
    needs = needs_of(technique_id) if technique_id is not None else []
    if type_id is not None:
        # One of a family was asked for by name: no other stands in for it.
        need = next((one.need for one in needs if type_id in one.type_ids), Need.REQUIRED)
        needs = [Needed((type_id,), need)]
    types = DeviceType.objects.in_bulk([pk for one in needs for pk in one.type_ids])
    rates = {pk: one.rate for pk, one in its.items()}
    found = [_found(one, rates, house, minutes, asking) for one in offers]
    return [_group(need, types, found) for need in needs]


def _found(
    offer: Offer,
    rates: Mapping[int, str],
    house: Institution,
    minutes: int,
    asking: Collection[int],
) -> Found:
    owner, times = offer.device.owner, (Period(one.starts_at, one.ends_at) for one in offer.slots)
    distance = _FAR
    if area_of(owner, Reach.COUNTY) == area_of(house, Reach.COUNTY):
        distance = _OWN if owner.pk == house.pk else _NEAR
    tidied = (spans.tidy(one, minutes=minutes) for one in times)
    rate = rates.get(offer.device.pk, "")
    tidy = [one for one in tidied if one is not None]
    return Found(offer, tidy, rate, distance, offer.device.pk in asking)


def _group(need: Needed, types: Mapping[int, DeviceType], found: Sequence[Found]) -> Group:
    mine = [one for one in found if one.offer.device.type_id in need.type_ids]
    met = {one.offer.device.type_id for one in mine}
    free = sorted((one for one in mine if one.times), key=lambda one: one.place)
    return Group(
        # Types of which nobody has a device would only make the title longer.
        types=[types[pk] for pk in need.type_ids if pk in met or not met],
        is_required=need.need == Need.REQUIRED,
        found=free,
        busy=len(mine) - len(free),
    )


@dataclass(frozen=True, slots=True)
class Best:
    """What to book before all else: devices of one house that are free at the same time."""

    found: Sequence[Found]
    period: Period

    @property
    def house(self) -> Institution:
        """Where they stand."""
        owner: Institution = self.found[0].offer.device.owner
        return owner

    @property
    def quality(self) -> tuple[bool, int, bool]:
        """That of the worst of them."""
        return max(one.quality for one in self.found)

    @property
    def worn(self) -> int:
        """How many of them are not in good condition."""
        return sum(one.offer.device.condition != Condition.GOOD for one in self.found)


def best(groups: Sequence[Group], *, length: timedelta) -> Best | None:
    """All that is required at one time in one house: one's own, else the nearest, the soonest.

    In that house and on that day whatever is in good condition comes before what is limited, be it
    free later. What is poor, or was missing when the devices were last counted, is not promised to
    anybody: who wants it takes it from the list. Where nothing is required, one device of what
    helps.
    """
    return next(iter(_bests(groups, length)), None)


def together(groups: Sequence[Group], *, length: timedelta) -> list[tuple[Best, list[Period]]]:
    """What to book in each house that has all of it, the best house first, and all times for it."""
    return [
        (
            one,
            [time for time in common([each.times for each in one.found]) if time.length >= length],
        )
        for one in _bests(groups, length)
    ]


def _bests(groups: Sequence[Group], length: timedelta) -> list[Best]:
    """The best of each house, one's own first."""
    asked = [group.found for group in groups if group.is_required]
    if not asked:
        asked = [
            sorted((one for group in groups for one in group.found), key=lambda one: one.place)
        ]
    houses: dict[int, list[list[Found]]] = {}
    for number, devices in enumerate(asked):
        for one in devices:
            kinds = houses.setdefault(one.offer.device.owner_id, [[] for _kind in asked])
            kinds[number].append(one)
    made = (_together(kinds, length) for kinds in houses.values())
    return sorted(
        (one for one in made if one is not None),
        key=lambda one: (one.found[0].distance, one.period.since, one.quality, one.house.pk),
    )


def alongside(groups: Sequence[Group], taken: Best) -> list[Found]:
    """What helps and is free in the same house at the same time, the best device of each kind.

    What is had at once is not made to wait for a keeper by what only helps.
    """
    waits, chosen = any(one.asks for one in taken.found), []
    for group in groups:
        if group.is_required or any(one in taken.found for one in group.found):
            continue
        here = [
            one
            for one in group.found
            if one.offer.device.owner_id == taken.house.pk and (waits or not one.asks)
        ]
        found = _best_free(here, taken.period)
        if found is not None:
            chosen.append(found)
    return chosen


def _together(kinds: Sequence[Sequence[Found]], length: timedelta) -> Best | None:
    """One device of every kind, all free from the same moment on; the best of the soonest day."""
    found: list[Best] = []
    for since in sorted({time.since for own in kinds for one in own for time in one.times}):
        if found and timezone.localdate(since) > timezone.localdate(found[0].period.since):
            break
        asked = Period(since, since + length)
        free = [_best_free(own, asked) for own in kinds]
        chosen = [one for one in free if one is not None]
        if len(chosen) == len(kinds):
            found.append(Best(chosen, asked))
    return min(found, key=lambda one: (one.worn, one.period.since, one.quality), default=None)


def _best_free(found: Sequence[Found], asked: Period) -> Found | None:
    """The best device that is free then, of those one may choose for somebody."""
    free = (one for one in found if one.is_sound and any(time.holds(asked) for time in one.times))
    return min(free, key=lambda one: one.quality, default=None)


def words_of(device: Any, rate: str, stands: str = "") -> str:
    """A device as a form offers it."""
    worn = ""
    if device.condition != Condition.GOOD:
        worn = " ".join(filter(None, [device.get_condition_display(), device.condition_note]))
    parts = [
        device.name,
        device.asset_number,
        device.location,
        stands,
        str(device.owner),
        rate,
        worn,
    ]
    return " · ".join(part for part in parts if part)
