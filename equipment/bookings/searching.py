"""What was found for a technique, sorted by what it needs (按技术查找设备)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from alliance.institutions.models import Alliance, Institution
from equipment.devices.choices import Condition, Need
from equipment.devices.models import DeviceType
from equipment.devices.selectors import Needed, needs_of
from equipment.tariffs.selectors import terms

from .choices_search import Reach
from .selectors import Offer

# A division code begins with the six figures of the county.
_COUNTY = 6


@dataclass(frozen=True, slots=True)
class Found:
    """A device with what it costs and when it is free."""

    offer: Offer
    rate: str
    is_own: bool


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


def sorted_by_need(
    offers: Sequence[Offer],
    *,
    house: Institution,
    alliance: Alliance | None,
    technique_id: int | None,
    type_id: int | None,
    on: date,
) -> list[Group]:
    """What was found, by what is needed, with the terms on which the house uses each device."""
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
    return [_group(need, types, offers, its, house) for need in needs]


def _group(
    need: Needed,
    types: Mapping[int, DeviceType],
    offers: Sequence[Offer],
    its: Mapping[int, Any],
    house: Institution,
) -> Group:
    mine = [one for one in offers if one.device.type_id in need.type_ids]
    met = {one.device.type_id for one in mine}
    return Group(
        # Types of which nobody has a device would only make the title longer.
        types=[types[pk] for pk in need.type_ids if pk in met or not met],
        is_required=need.need == Need.REQUIRED,
        found=[
            Found(one, its[one.device.pk].rate if its else "", one.device.owner_id == house.pk)
            for one in mine
            if one.slots
        ],
        busy=sum(not one.slots for one in mine),
    )


def words_of(device: Any, rate: str, stands: str = "") -> str:
    """A device as a form offers it."""
    worn = ""
    if device.condition != Condition.GOOD:
        worn = " ".join(filter(None, [device.get_condition_display(), device.condition_note]))
    parts = [device.name, device.asset_number, str(device.owner), stands, rate, worn]
    return " · ".join(part for part in parts if part)
