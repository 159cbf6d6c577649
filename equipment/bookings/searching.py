"""What was found for a technique, sorted by what it needs (按技术查找设备)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from alliance.institutions.models import Alliance, Institution
from equipment.devices.choices import Need
from equipment.devices.models import DeviceType
from equipment.devices.selectors import types_for
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
    """The devices of one type that are free, and how many are not."""

    type: DeviceType
    is_required: bool
    found: Sequence[Found]
    busy: int


def types_of(technique_id: int) -> dict[int, str]:
    """The types that a technique needs or is helped by, what it needs first."""
    return dict(types_for(technique_id))


def area_of(house: Institution, reach: str) -> str:
    """The division in which a device has to stand; empty where that does not matter."""
    return house.division_code[:_COUNTY] if reach == Reach.COUNTY else ""


def sorted_by_type(
    offers: Sequence[Offer],
    *,
    house: Institution,
    alliance: Alliance | None,
    technique_id: int | None,
    on: date,
) -> list[Group]:
    """What was found, by type, with the terms on which the house uses each device."""
    its: dict[int, Any] = {}
    if alliance is not None and offers:
        its = terms(
            devices=[one.device for one in offers],
            institution_id=house.pk,
            technique_id=technique_id,
            alliance_id=alliance.pk,
            on=on,
        )
    needs = types_of(technique_id) if technique_id is not None else {}
    kinds: dict[int, list[Offer]] = {pk: [] for pk in needs}
    for one in offers:
        kinds.setdefault(one.device.type_id, []).append(one)
    types = DeviceType.objects.in_bulk(list(kinds))
    return [
        Group(
            type=types[pk],
            is_required=needs.get(pk, Need.REQUIRED) == Need.REQUIRED,
            found=[
                Found(one, its[one.device.pk].rate if its else "", one.device.owner_id == house.pk)
                for one in mine
                if one.slots
            ],
            busy=sum(not one.slots for one in mine),
        )
        for pk, mine in kinds.items()
    ]


def words_of(device: Any, rate: str) -> str:
    """A device as a form offers it."""
    parts = [device.name, device.asset_number, str(device.owner), rate]
    return " · ".join(part for part in parts if part)
