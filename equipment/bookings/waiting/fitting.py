"""What is free for who waits, or would: the first time that would be granted."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils import timezone

from equipment.devices.models import Device
from equipment.devices.selectors import shared_devices

from .. import selectors
from ..errors import Asked
from ..models import WaitingEntry
from ..rules import Period
from . import rules
from .choices import Answer

_TIMES_LOOKED_AT = 5


def free_now(entry: WaitingEntry, *, by: Any, at: datetime) -> Asked | None:
    """The first time that would be granted, and so need not be waited for; None where none is."""
    devices = devices_for([entry], at)
    times = free(devices, [entry], at)
    fits = ((device, fit(entry, device, times[pk], at)) for pk, device in devices.items())
    found = [(one, device) for device, one in fits if one is not None]
    if not found:
        return None
    first, device = min(found, key=lambda pair: (pair[0], pair[1].pk))
    return asked(entry, device, first, by=by, at=at)


def fit(
    entry: WaitingEntry, device: Device, times: list[rules.Period], at: datetime
) -> rules.Period | None:
    """The first time of a device that somebody wants and would be granted; none let pass before.

    What was taken back may be offered again, once it can be had.
    """
    passed = []
    if entry.pk is not None:
        passed = [
            (one.starts_at, one.ends_at)
            for one in entry.offers.all()
            if one.device_id == device.pk and one.answer != Answer.GONE
        ]
    for _try in range(_TIMES_LOOKED_AT):
        found = rules.first_fit(
            times,
            minutes=entry.minutes,
            wanted_from=max(entry.wanted_from, at),
            wanted_until=entry.wanted_until,
            without=passed,
        )
        if found is None:
            return None
        if not selectors.why_not(asked(entry, device, found, by=entry.created_by, at=at)):
            return found
        passed.append(found)
    return None


def is_wanted(entry: WaitingEntry, device: Device) -> bool:
    """Whether somebody waits for this device, or for any of its type."""
    return device.pk == entry.device_id or (
        entry.device_id is None and device.type_id == entry.type_id
    )


def devices_for(entries: Collection[WaitingEntry], at: datetime) -> dict[int, Device]:
    """The devices that may be offered, by number: those named, and those shared of the type."""
    wanted = Q(pk__in={entry.device_id for entry in entries if entry.device_id})
    if any(entry.device_id is None for entry in entries):
        first = next(iter(entries))
        shared = shared_devices(first.alliance_id, timezone.localdate(at))
        wanted |= Q(pk__in=shared.filter(type=first.type_id).values("pk"))
    rows = Device.objects.filter(wanted).select_related("type", "owner")
    return {device.pk: device for device in rows.order_by("pk")}


def free(
    devices: Mapping[int, Device], entries: Collection[WaitingEntry], at: datetime
) -> dict[int, list[rules.Period]]:
    """When devices are free at any time that somebody wants."""
    first = next(iter(entries))
    found = selectors.free_slots(
        list(devices),
        since=max(at, min(entry.wanted_from for entry in entries)),
        until=max(entry.wanted_until for entry in entries),
        minutes=min(entry.minutes for entry in entries),
        alliance_id=first.alliance_id,
    )
    return {pk: [(slot.starts_at, slot.ends_at) for slot in slots] for pk, slots in found.items()}


def asked(
    entry: WaitingEntry, device: Device, fit: rules.Period, *, by: Any, at: datetime
) -> Asked:
    """What somebody who waits would book with a device and a time."""
    return Asked(
        devices=[device],
        institution=entry.institution,
        place=device.owner if device.type.is_fixed else entry.place or entry.institution,
        operator=entry.operator,
        mentor=entry.mentor,
        technique=entry.technique,
        period=Period(*fit),
        by=by,
        at=at,
        patient=entry.patient,
        referral_number=entry.referral_number,
        note=entry.note,
    )
