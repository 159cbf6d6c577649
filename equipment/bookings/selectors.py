"""What others may ask of bookings: when devices are free, what could be booked, what counts."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Max, QuerySet
from django.utils import timezone

from alliance.catalogue.models import Technique
from alliance.core.policy import PolicySet
from alliance.institutions.choices import Tier
from alliance.institutions.models import Alliance, Institution
from equipment.devices import selectors as registry
from equipment.devices.models import Device, DeviceType
from equipment.service import selectors as service

from . import holds, judging, rules, slots
from .choices import Code
from .errors import Asked, Free, Instead, Told
from .models import BookedDevice, Booking
from .rules import Period

# How far ahead another time is looked for, and how many are offered.
_AHEAD = timedelta(days=14)
_OFFERED = 3
_BUFFER = timedelta(days=1)
_LOOKED_AT = 20


@dataclass(frozen=True, slots=True)
class Slot:
    """A free time in which a device can be used; set-up and cleaning fit around it."""

    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Offer:
    """A device that fits what was searched for, with its free times."""

    device: Device
    slots: list[Slot]


def free_slots(
    device_ids: Collection[int],
    *,
    since: datetime,
    until: datetime,
    minutes: int,
    alliance_id: int | None = None,
) -> dict[int, list[Slot]]:
    """For each device the free times of at least so many minutes; six queries for thousands.

    Free of bookings with their set-up and cleaning, in service all the while, within the hours of
    sharing of the alliance. A device without any free time has an empty list.
    """
    found: dict[int, list[Slot]] = {pk: [] for pk in device_ids}
    asked = rules.period(since, until)
    if found and asked.since < asked.until:
        settings = judging.settings_of(alliance_id, _today(asked.since))
        wanted = _wanted(list(found), asked, timedelta(minutes=minutes), _hours(asked, settings))
        for pk, starts_at, ends_at in slots.each(wanted):
            found[pk or 0].append(Slot(starts_at, ends_at))
    return found


def next_free(
    device_ids: Collection[int],
    *,
    after: datetime,
    minutes: int,
    alliance_id: int | None = None,
    people: Sequence[int] = (),
    together: bool = False,
    limit: int = _OFFERED,
) -> list[Free]:
    """The next times any of the devices is free for so long (or all at once), two weeks ahead.

    `people` are practitioners who must be free as well.
    """
    asked = rules.period(after, after + _AHEAD)
    settings = judging.settings_of(alliance_id, _today(asked.since))
    hours = _hours(asked, settings)
    length = timedelta(minutes=minutes)
    wanted = _wanted(list(device_ids), asked, length, hours, people)
    rows = slots.together(wanted, limit=limit) if together else slots.first(wanted, limit=limit)
    whole = tuple(device_ids)
    return [Free((pk,) if pk else whole, since, since + length) for pk, since, _until in rows]


def _wanted(
    device_ids: list[int],
    asked: Period,
    length: timedelta,
    hours: Collection[Period],
    people: Sequence[int] = (),
) -> slots.Wanted:
    since, until = asked.since - _BUFFER, asked.until + _BUFFER
    outs = service.why_out(device_ids, since=since, until=until, standing=True)
    away = [(pk, out.since, out.until) for pk, found in outs.items() for out in found]
    away += [(one.device_id, one.since, one.until) for one in holds.holds(device_ids, since, until)]
    return slots.Wanted(device_ids, asked, length, hours, away, people)


def _hours(asked: Period, settings: PolicySet) -> list[Period]:
    return rules.openings(asked, judging.limits(settings, Tier.TOWNSHIP), judging.zone())


def _today(at: datetime) -> Any:
    return timezone.localdate(at, judging.zone())


def bookable(
    user: Any, *, institution: Institution, alliance: Alliance | None, at: datetime
) -> QuerySet[Device]:
    """The devices that an institution may book: its own, and those its alliance shares."""
    rows: Any = Device.objects.visible_to(user).standing_on(_today(at))
    own: QuerySet[Device] = rows.filter(owner=institution)
    if alliance is None:
        return own
    shared = registry.shared_devices(alliance.pk, _today(at))
    found: QuerySet[Device] = own | rows.filter(pk__in=shared.values("pk"))
    return found


def offers(
    user: Any,
    *,
    institution: Institution,
    alliance: Alliance | None,
    since: datetime,
    until: datetime,
    minutes: int,
    at: datetime,
    technique: Technique | None = None,
    type_: DeviceType | None = None,
    area: str = "",
    limit: int = 50,
) -> list[Offer]:
    """Devices an institution may book for a technique or of a type, with their free times.

    `area` is the beginning of a division code (six figures are a county). Those required come
    before those that help, one's own before others'; a device without a free time comes last.
    """
    rows: Any = bookable(user, institution=institution, alliance=alliance, at=at)
    rows = rows.filter(owner__division_code__startswith=area)
    ranks: dict[int, int] = {}
    if technique is not None:
        ranks = {pk: rank for rank, (pk, _need) in enumerate(registry.types_for(technique.pk))}
        rows = rows.filter(type__in=ranks)
    if type_ is not None:
        rows = rows.filter(type=type_)
    devices = list(rows.for_list().order_by("pk"))
    found = free_slots(
        [device.pk for device in devices], since=max(since, at), until=until, minutes=minutes,
        alliance_id=alliance.pk if alliance else None,
    )  # fmt: skip

    def order(device: Device) -> tuple[Any, ...]:
        times, is_foreign = found[device.pk], device.owner_id != institution.pk
        first = times[0].starts_at if times else until
        return not times, ranks.get(device.type_id, 0), is_foreign, first, device.pk

    return [Offer(device, found[device.pk]) for device in sorted(devices, key=order)[:limit]]


def why_not(asked: Asked) -> Sequence[Told]:
    """Every reason against a booking, in words, without booking it; empty where it would do."""
    found = judging.judge(asked)
    return found.refused(asked).told if found.refusals else []


def instead(asked: Asked, codes: Collection[str], *, alliance: Alliance | None) -> Instead:
    """What would work: the next times of the same devices, other devices at the same time."""
    found = Instead()
    if asked.period.until <= asked.period.since:
        return found
    if not rules.OF_TIME.isdisjoint(codes):
        found.times = _other_times(asked, alliance)
    if not rules.OF_DEVICE.isdisjoint(codes):
        found.devices = _other_devices(asked, alliance)
    return found


def instead_of(booking: Booking, lines: Sequence[BookedDevice], *, at: datetime) -> Instead:
    """What would work instead of a booking whose device is away."""
    asked = Asked(
        devices=[line.device for line in lines],
        institution=booking.institution,
        place=booking.place,
        operator=booking.operator,
        mentor=booking.mentor,
        technique=booking.technique,
        period=rules.period(booking.starts_at, booking.ends_at),
        by=booking.created_by,
        at=at,
    )
    return instead(asked, [Code.OUT], alliance=booking.alliance)


def _other_times(asked: Asked, alliance: Alliance | None) -> list[Free]:
    settings = judging.settings_of(alliance.pk if alliance else None, _today(asked.at))
    earliest = asked.at + timedelta(minutes=settings["bookings.lead_minutes"])
    return next_free(
        [device.pk for device in asked.devices],
        after=max(asked.period.since, earliest),
        minutes=_minutes(asked.period),
        alliance_id=alliance.pk if alliance else None,
        people=asked.people,
        together=True,
    )


def _other_devices(asked: Asked, alliance: Alliance | None) -> list[Device]:
    """Other devices of the first one's type that are free in the same time."""
    first = asked.devices[0]
    rows: Any = bookable(asked.by, institution=asked.institution, alliance=alliance, at=asked.at)
    rows = rows.filter(type=first.type_id).exclude(pk=first.pk).for_list().order_by("pk")
    same = list(rows[:_LOOKED_AT])
    found = free_slots(
        [device.pk for device in same],
        since=asked.period.since,
        until=asked.period.until,
        minutes=_minutes(asked.period),
        alliance_id=alliance.pk if alliance else None,
    )
    return [device for device in same if found[device.pk]][:_OFFERED]


def _minutes(period: Period) -> int:
    return int(period.length.total_seconds() // 60)


def last_conditions(device_ids: Collection[int]) -> dict[int, BookedDevice]:
    """How the last user left each device; two queries for many."""
    ended = BookedDevice.objects.filter(device__in=device_ids).exclude(condition="")
    newest = ended.values("device").annotate(newest=Max("booking__used_until")).values("newest")
    rows = ended.filter(booking__used_until__in=newest).select_related("booking__operator")
    return {row.device_id: row for row in rows.order_by("booking__used_until")}


def blocked_until(operator_id: int, *, alliance_id: int | None, at: datetime) -> datetime | None:
    """Until when an operator may not book others' devices, for having missed too many; None: may."""
    settings = judging.settings_of(alliance_id, _today(at))
    found = judging.strikes(operator_id, settings, at=at)
    set_ = judging.limits(settings, Tier.TOWNSHIP)
    until = rules.blocked_until(found, most=set_.strikes_most, block=set_.block)
    return until if until is not None and at < until else None


def next_of(device_ids: Collection[int], *, at: datetime) -> dict[int, Booking]:
    """The booking of each device that is under way or comes next."""
    lines = BookedDevice.objects.filter(
        device__in=device_ids, is_live=True, block_until__gt=at, booking__used_until=None
    )
    rows = lines.select_related("booking__operator", "booking__institution")
    found: dict[int, Booking] = {}
    for line in rows.order_by("device", "block_from").distinct("device"):
        found[line.device_id] = line.booking
    return found
