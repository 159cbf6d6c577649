"""Whose word a booking waits for before it is granted, and how long."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from alliance.core.policy import PolicySet
from equipment.devices.models import Device

from . import judging, policies


def needs_word(device: Device, settings: PolicySet, by: Any) -> bool:
    """Whether the device's keeper has to agree; nobody asks themselves."""
    rule = settings["bookings.approval"]
    needs = rule == "always" or (rule == "device" and device.needs_approval)
    return needs and not policies.keeps(by, device.owner_id)


def asked(devices: Iterable[Device], settings: PolicySet, by: Any) -> list[str]:
    """The houses whose keepers have to agree, each once."""
    houses = [device.owner.short_name for device in devices if needs_word(device, settings, by)]
    return list(dict.fromkeys(houses))


def asking(devices: Iterable[Device], alliance_id: int | None, by: Any, on: date) -> set[int]:
    """Those of many devices whose keepers have to agree; one query."""
    settings = judging.settings_of(alliance_id, on)
    return {device.pk for device in devices if needs_word(device, settings, by)}
