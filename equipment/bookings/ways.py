"""Ways out of a refusal that pages offer beside it: another time, another device."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from . import presenters
from .errors import Asked, Instead


@dataclass(frozen=True, slots=True)
class Choice:
    """One way out: the form with it filled in, and what to post to exchange a booking for it."""

    title: str
    note: str
    label: str
    url: str
    values: Mapping[str, str]


def choices(asked: Asked, found: Instead, *, again: Any = None) -> list[Choice]:
    """Other times of the same devices, then other devices at the same time.

    `again` is a booking that came to nothing, whose note goes along to the form.
    """
    names = ", ".join(named(device) for device in asked.devices)
    times = [
        Choice(
            title=presenters.period(one.starts_at, one.ends_at),
            note=names,
            label=_("Book this time"),
            url=form_url(asked, asked.devices, one.starts_at, again=again),
            values={"starts_at": one.starts_at.isoformat()},
        )
        for one in found.times
    ]
    left = asked.devices[0] if asked.devices else None
    stand_ins = [
        Choice(
            title=named(device),
            note=presenters.period(asked.period.since, asked.period.until),
            label=_("Book this device"),
            url=form_url(asked, [device, *asked.devices[1:]], asked.period.since, again=again),
            values={
                "without": str(left.public_id) if left else "",
                "device": str(device.public_id),
            },
        )
        for device in found.devices
    ]
    return times + stand_ins


def named(device: Any) -> str:
    """A device so that it is told from others of its name: with its number, and whose it is."""
    parts = [device.name, device.asset_number, device.owner.short_name]
    return " · ".join(part for part in parts if part)


def search_url(booking: Any, device: Any) -> str:
    """The search for a free time, asked already: what for, with what, how long."""
    minutes = int((booking.ends_at - booking.starts_at).total_seconds() // 60)
    asked = {"type": str(device.type.public_id), "minutes": str(minutes), "reach": "alliance"}
    if booking.technique is not None:
        asked["technique"] = booking.technique.code
    return f"{reverse('bookings:search')}?{urlencode(asked)}"


def form_url(asked: Asked, devices: Any, starts_at: Any, *, again: Any = None) -> str:
    """The form with all of it filled in; of what is over the time is left open."""
    minutes = int(asked.period.length.total_seconds() // 60)
    values: list[tuple[str, Any]] = [("devices", str(one.public_id)) for one in devices]
    if starts_at > asked.at:
        values.append(("start", timezone.localtime(starts_at).strftime("%Y-%m-%dT%H:%M")))
    values += [
        ("minutes", minutes),
        ("place", asked.place.public_id),
        ("operator", asked.operator.public_id),
    ]
    for name, row in (("mentor", asked.mentor), ("patient", asked.patient)):
        if row is not None:
            values.append((name, row.public_id))
    if asked.referral_number:
        values.append(("referral_number", asked.referral_number))
    if asked.technique is not None:
        values.append(("technique", asked.technique.code))
    # What was noted is read there: it does not belong into an address.
    if again is not None and again.note:
        values.append(("again", again.public_id))
    return f"{reverse('bookings:book')}?{urlencode(values)}"
