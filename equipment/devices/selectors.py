"""What the rooms above may ask about devices and their types."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import BooleanField, ExpressionWrapper, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from alliance.institutions.models import Alliance
from alliance.institutions.querysets import joined
from alliance.institutions.selectors import alliances_of

from .models import Device, DeviceType, StocktakeLine, TypeTechnique


def types_for(technique_id: int) -> list[tuple[int, str]]:
    """The types of device a technique needs or is helped by: (type, need), what it needs first.

    Types of one family are alternatives: see `needs_of`.
    """
    rows = TypeTechnique.objects.filter(technique_id=technique_id, type__is_active=True)
    # "required" sorts after "helpful".
    return list(rows.order_by("-need", "type__name").values_list("type_id", "need"))


@dataclass(frozen=True)
class Needed:
    """What a technique needs (or is helped by): a device of any one of these types."""

    type_ids: tuple[int, ...]
    need: str


def needs_of(technique_id: int) -> list[Needed]:
    """The same as `types_for`, where types of one family stand in for each other.

    Whoever has one of a family has what is needed; where any of them is required, all count.
    """
    rows = TypeTechnique.objects.filter(technique_id=technique_id, type__is_active=True)
    found: dict[str, list[tuple[int, str]]] = {}
    for type_id, need, family, code in rows.order_by("-need", "type__name").values_list(
        "type_id", "need", "type__family", "type__code"
    ):
        found.setdefault(family or f"#{code}", []).append((type_id, need))
    return [Needed(tuple(pk for pk, _need in types), types[0][1]) for types in found.values()]


def alike(kind: DeviceType) -> QuerySet[DeviceType]:
    """The types that stand in for one: itself, and the active ones of its family."""
    own = Q(pk=kind.pk)
    if kind.family:
        own |= Q(family=kind.family, is_active=True)
    return DeviceType.objects.filter(own)


def techniques_of(type_ids: list[int]) -> dict[int, list[tuple[int, str]]]:
    """By type: the techniques that need it or are helped by it, as (technique, need)."""
    found: dict[int, list[tuple[int, str]]] = {pk: [] for pk in type_ids}
    rows = TypeTechnique.objects.filter(type__in=type_ids).order_by("-need", "technique__code")
    for type_id, technique_id, need in rows.values_list("type_id", "technique_id", "need"):
        found[type_id].append((technique_id, need))
    return found


def active_types() -> QuerySet[DeviceType]:
    """The types that may be registered and booked, by name."""
    return DeviceType.objects.filter(is_active=True)


def type_called(code: str) -> int | None:
    """The key of the type with this code, also of one that is offered no longer."""
    return DeviceType.objects.filter(code=code).values_list("pk", flat=True).first()


def types_among(devices: QuerySet[Device]) -> QuerySet[DeviceType]:
    """The types of some devices."""
    return DeviceType.objects.filter(pk__in=devices.values("type"))


def alliance_of(owner_id: int, on: date) -> Alliance | None:
    """The alliance an institution shares its devices with on a date: the one it joined first."""
    return next(iter(alliances_of(owner_id, on=on)), None)


def devices_of_members(alliance_id: int, on: date) -> Any:
    """Devices on the register on a date that belong to members of an alliance on that date."""
    standing = Device.objects.standing_on(on)
    return joined(standing, "owner__memberships", on).filter(alliance_id=alliance_id)


def shared_devices(alliance_id: int, on: date) -> Any:
    """Those of an alliance's devices that its members share with each other on a date."""
    return devices_of_members(alliance_id, on).filter(is_shared=True)


def last_seen(device_id: int) -> StocktakeLine | None:
    """Where and when a stock-take last found a device."""
    rows = StocktakeLine.objects.filter(device=device_id).exclude(found_at=None)
    return rows.select_related("stocktake").order_by("-found_at").first()


def with_missing(devices: QuerySet[Any]) -> QuerySet[Any]:
    """With `is_missing`: whether the last stock-take that is closed looked for a device in vain.

    What was found later, in one that is still open, is not missing any more.
    """
    lines = StocktakeLine.objects.filter(device=OuterRef("pk"))
    told = lines.exclude(found_at=None, stocktake__closed_at=None)
    newest = told.order_by(Coalesce("found_at", "stocktake__closed_at").desc(), "-pk")
    missed = newest.annotate(missed=ExpressionWrapper(Q(found_at=None), BooleanField()))
    return devices.annotate(is_missing=Coalesce(Subquery(missed.values("missed")[:1]), False))
