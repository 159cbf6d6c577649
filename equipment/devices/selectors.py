"""What the rooms above may ask about devices and their types."""

from datetime import date
from typing import Any

from django.db.models import QuerySet

from alliance.institutions.models import Alliance
from alliance.institutions.querysets import joined
from alliance.institutions.selectors import alliances_of

from .models import Device, DeviceType, TypeTechnique


def types_for(technique_id: int) -> list[tuple[int, str]]:
    """The types of device a technique needs or is helped by: (type, need), what it needs first."""
    rows = TypeTechnique.objects.filter(technique_id=technique_id, type__is_active=True)
    # "required" sorts after "helpful".
    return list(rows.order_by("-need", "type__name").values_list("type_id", "need"))


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
