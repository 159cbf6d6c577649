"""What others may ask of bookings: when devices are free, what could be booked, what counts."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Max, Q, QuerySet
from django.utils import timezone

from alliance.catalogue.models import Technique
from alliance.core.access import access_of
from alliance.core.choices import Permission
from alliance.core.policy import PolicySet
from alliance.institutions.choices import Tier
from alliance.institutions.models import Alliance, Institution, Membership
from alliance.institutions.querysets import tier_order
from equipment.devices import selectors as registry
from equipment.devices.models import Device, DeviceType
from equipment.service import selectors as service

from . import holds, judging, rules, slots
from .choices import Status
from .errors import Asked, Free, Told
from .models import BookedDevice, Booking
from .rules import Period

# No device is set up or cleaned for longer (see its model).
_BUFFER = timedelta(days=1)
# A device, since when and until when (None: nobody knows) it cannot be used.
Away = tuple[int, datetime, datetime | None]


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
    people: Sequence[int] = (),
) -> dict[int, list[Slot]]:
    """For each device the free times of at least so many minutes; four queries for thousands.

    Free of bookings with their set-up and cleaning, in service all the while, within the hours of
    sharing of the alliance. A device without any free time has an empty list. `people` are
    practitioners who must be free as well.
    """
    found: dict[int, list[Slot]] = {pk: [] for pk in device_ids}
    asked = rules.period(since, until)
    if found and asked.since < asked.until:
        settings = judging.settings_of(alliance_id, _today(asked.since))
        hours = _hours(asked, settings)
        all_ = wanted(list(found), asked, timedelta(minutes=minutes), hours, people)
        for pk, starts_at, ends_at in slots.each(all_):
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
    limit: int | None = None,
) -> list[Free]:
    """The next times any of the devices is free for so long (or all at once).

    How many days ahead is looked, and how many times are told, is policy. `people` are
    practitioners who must be free as well.
    """
    settings = judging.settings_of(alliance_id, _today(after))
    asked = rules.period(after, after + timedelta(days=settings["bookings.instead_days"]))
    hours = _hours(asked, settings)
    length = timedelta(minutes=minutes)
    wanted_ = wanted(list(device_ids), asked, length, hours, people)
    most = settings["bookings.instead_times"] if limit is None else limit
    find = slots.together if together else slots.first
    whole = tuple(device_ids)
    return [
        Free((pk,) if pk else whole, since, since + length)
        for pk, since, _until in find(wanted_, limit=most)
    ]


def away(device_ids: Collection[int], asked: Period) -> list[Away]:
    """When devices on the register cannot be used near a period: out of service, or held.

    One query, and one for each source of holds.
    """
    since, until = asked.since - _BUFFER, asked.until + _BUFFER
    outs = service.times_out(device_ids, since=since, until=until)
    held = holds.holds(device_ids, since, until)
    return [*outs, *((one.device_id, one.since, one.until) for one in held)]


def wanted(
    device_ids: list[int],
    asked: Period,
    length: timedelta,
    hours: Collection[Period],
    people: Sequence[int] = (),
) -> slots.Wanted:
    """What is looked for, with what is known of these devices."""
    return slots.Wanted(device_ids, asked, length, hours, away(device_ids, asked), people)


def _hours(asked: Period, settings: PolicySet) -> list[Period]:
    return rules.openings(asked, judging.limits(settings, Tier.TOWNSHIP), judging.zone())


def _today(at: datetime) -> Any:
    return timezone.localdate(at, judging.zone())


def houses_overseen(user: Any, *, at: datetime) -> QuerySet[Institution]:
    """The members of the alliances one oversees: for each of them one may look for free times."""
    overseen = access_of(user).alliances_with(Permission.EQUIPMENT_OVERSEE)
    members = Membership.objects.in_force(_today(at)).filter(alliance__in=overseen)
    rows = Institution.objects.filter(pk__in=members.values("institution"))
    return rows.order_by(tier_order("tier"), "name")


def bookable(
    user: Any, *, institution: Institution, alliance: Alliance | None, at: datetime
) -> QuerySet[Device]:
    """The devices that an institution may book: its own, and those its alliance shares."""
    rows: Any = Device.objects.visible_to(user).standing_on(_today(at))
    mine = Q(owner=institution)
    if alliance is not None:
        members = Membership.objects.in_force(_today(at)).filter(alliance=alliance)
        mine |= Q(is_shared=True, owner__in=members.values("institution"))
    found: QuerySet[Device] = rows.filter(mine)
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
    people: Sequence[int] = (),
    limit: int | None = 50,
) -> list[Offer]:
    """Devices an institution may book for a technique or of a type, with their free times.

    `area` is the beginning of a division code (six figures are a county). Those required come
    before those that help, one's own before others'; a device without a free time comes last. A
    technique of which no device is on record takes any of a type that is named. Times of others' devices leave out what would be refused: without notice, reserved, too far.
    """
    rows: Any = bookable(user, institution=institution, alliance=alliance, at=at)
    ranks = _ranks(technique)
    rows = rows.filter(_fits(technique, type_, ranks), owner__division_code__startswith=area)
    devices = list(registry.with_missing(rows.for_list()).order_by("pk"))
    ids, alliance_id = [device.pk for device in devices], alliance.pk if alliance else None
    found = free_slots(
        ids, since=max(since, at), until=until, minutes=minutes, alliance_id=alliance_id,
        people=people,
    )  # fmt: skip
    found = _allowed(devices, found, institution, alliance, timedelta(minutes=minutes), at)

    def order(device: Device) -> tuple[Any, ...]:
        times, is_foreign = found[device.pk], device.owner_id != institution.pk
        first = times[0].starts_at if times else until
        return not times, ranks.get(device.type_id, 0), is_foreign, first, device.pk

    return [Offer(device, found[device.pk]) for device in sorted(devices, key=order)[:limit]]


def _fits(technique: Technique | None, type_: DeviceType | None, ranks: Collection[int]) -> Q:
    named = Q() if type_ is None else Q(type=type_)
    is_listed = technique is not None and (ranks or type_ is None)
    return named & Q(type__in=ranks) if is_listed else named


def _ranks(technique: Technique | None) -> dict[int, int]:
    """The types that a technique takes, what it needs first; a family is one need."""
    needs = registry.needs_of(technique.pk) if technique is not None else []
    return {pk: rank for rank, one in enumerate(needs) for pk in one.type_ids}


def _allowed(
    devices: Sequence[Device],
    found: dict[int, list[Slot]],
    institution: Institution,
    alliance: Alliance | None,
    length: timedelta,
    at: datetime,
) -> dict[int, list[Slot]]:
    """The free times of others' devices that policy grants to a house; one's own as they are."""
    lent = [device.pk for device in devices if device.owner_id != institution.pk]
    times = [Period(one.starts_at, one.ends_at) for pk in lent for one in found[pk]]
    if not times:
        return found
    whole = rules.period(min(one.since for one in times), max(one.until for one in times))
    settings = judging.settings_of(alliance.pk if alliance else None, _today(at))
    granted = rules.open_to(
        whole,
        asker=rules.Asker(is_own=False, is_township=judging.is_township(institution)),
        limits=judging.limits(settings, institution.tier),
        length=length,
        at=at,
        zone=judging.zone(),
    )
    closed = rules.without([whole], granted)

    def left(pk: int) -> list[Slot]:
        mine = [Period(one.starts_at, one.ends_at) for one in found[pk]]
        return [Slot(*one) for one in rules.without(mine, closed) if one.length >= length]

    return found | {pk: left(pk) for pk in lent}


def why_not(asked: Asked) -> Sequence[Told]:
    """Every reason against a booking, in words, without booking it; empty where it would do."""
    found = judging.judge(asked)
    return found.refused(asked).told if found.refusals else []


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


def in_use_until(device_ids: Collection[int]) -> dict[int, datetime]:
    """Those of the devices that somebody uses now, with until when they are booked."""
    lines = BookedDevice.objects.filter(
        device__in=device_ids, is_live=True, booking__status=Status.IN_USE
    )
    return dict(lines.values_list("device", "booking__ends_at"))


def devices_away(lines: Sequence[BookedDevice], *, at: datetime) -> set[int]:
    """Which devices of a booking cannot be used all the time they are booked for, from now on."""
    ids, until = {line.device_id for line in lines}, max(line.block_until for line in lines)
    # One's time may be over already: then what counts is how it stands now.
    since = min(max(at, min(line.block_from for line in lines)), until)
    own = Device.objects.filter(pk__in=ids)
    return ids - set(service.in_service(own, since=since, until=until).values_list("pk", flat=True))


def lines_away(lines: Sequence[BookedDevice], *, at: datetime) -> list[BookedDevice]:
    """Those of a booking whose devices it lost; all of them where each is there again."""
    out = devices_away(lines, at=at)
    return [line for line in lines if line.device_id in out] or list(lines)


def is_away(booking: Booking, *, at: datetime) -> bool:
    """Whether a device of a booking cannot be used at a moment."""
    own = Device.objects.filter(bookings__booking=booking)
    ready = service.in_service(own, since=at, until=at)
    return ready.count() < len(booking.lines.all())
