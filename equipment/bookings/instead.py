"""What would work instead of a booking that is refused: other times, other devices."""

from collections.abc import Collection, Sequence
from datetime import timedelta
from typing import Any

from django.db.models import Exists, OuterRef
from django.utils import timezone

from alliance.institutions.models import Membership
from equipment.devices.models import Device, TypeTechnique
from equipment.devices.selectors import alike, with_missing

from . import judging, rules, selectors, slots
from .choices import Code
from .errors import Asked, Free, Ground, Instead
from .models import BookedDevice, Booking
from .rules import Period
from .selectors import Away

# A device that may stand in, with how long it would be blocked.
_Candidate = tuple[int, Period]


def instead(asked: Asked, codes: Collection[str], ground: Ground) -> Instead:
    """What would work: the next times of the same devices, other devices at the same time.

    Six statements for both. Nothing is locked: who takes what is offered is judged like everybody.
    """
    found, candidates, search = Instead(), list[_Candidate](), None
    if asked.period.until <= asked.period.since:
        return found
    if not rules.OF_TIME.isdisjoint(codes):
        search = _later(asked, codes, ground)
    if not rules.OF_DEVICE.isdisjoint(codes):
        candidates = _candidates(asked, ground)
    known = _away(asked, candidates, search)
    if search is not None:
        found.times = _other_times(asked, search, ground, known)
    if candidates:
        found.devices = _usable(asked, candidates, ground, known)
    return found


def instead_of(
    booking: Booking, lines: Sequence[BookedDevice], *, at: Any
) -> tuple[Asked, Instead]:
    """What a booking that is lost asked for, and what would work instead."""
    asked = _asked_of(booking, lines, at)
    return asked, instead(asked, [Code.OUT], judging.ground_of(asked))


def _asked_of(booking: Booking, lines: Sequence[BookedDevice], at: Any) -> Asked:
    """What it asked for; the device that is away first, for that is the one to replace."""
    out = selectors.devices_away(lines, at=at)
    return Asked(
        devices=[line.device for line in sorted(lines, key=lambda one: one.device_id not in out)],
        institution=booking.institution,
        place=booking.place,
        operator=booking.operator,
        mentor=booking.mentor,
        technique=booking.technique,
        period=rules.period(booking.starts_at, booking.ends_at),
        by=booking.created_by,
        at=at,
    )


def _hours(asked: Asked, within: Period, ground: Ground, *, is_own: bool) -> list[Period]:
    """The times in which a use of the same length may lie, by policy."""
    return rules.open_to(
        within,
        asker=rules.Asker(is_own=is_own, is_township=judging.is_township(asked.institution)),
        limits=judging.limits(ground.settings, asked.institution.tier),
        length=asked.period.length,
        at=asked.at,
        zone=judging.zone(),
    )


def _later(asked: Asked, codes: Collection[str], ground: Ground) -> Period:
    """Where another time is looked for; of a week whose quota is used up, the next."""
    since = max(asked.period.since, asked.at)
    if Code.QUOTA in codes:
        since = max(since, rules.week_of(asked.period.since, judging.zone()).until)
    return rules.period(since, since + timedelta(days=ground.settings["bookings.instead_days"]))


def _away(asked: Asked, candidates: Sequence[_Candidate], search: Period | None) -> list[Away]:
    """When any of the devices concerned cannot be used."""
    ids = [pk for pk, _block in candidates]
    until = asked.period.until
    if search is not None:
        ids += [device.pk for device in asked.devices]
        until = max(until, search.until)
    return selectors.away(ids, Period(asked.period.since, until)) if ids else []


def _other_times(asked: Asked, search: Period, ground: Ground, known: list[Away]) -> list[Free]:
    """The next times in which all the devices are free, and the people too."""
    hours = _hours(asked, search, ground, is_own=judging.is_own(asked))
    ids, length = [device.pk for device in asked.devices], asked.period.length
    wanted = slots.Wanted(ids, search, length, hours, known, asked.people)
    rows = slots.together(wanted, limit=ground.settings["bookings.instead_times"])
    return [Free(tuple(ids), since, since + length) for _pk, since, _until in rows]


def _candidates(asked: Asked, ground: Ground) -> list[_Candidate]:
    """Devices that stand in for the first one: of its type, else of its family; one's own first.

    Only as many as are looked at. Who may do something at another house need not be allowed to do
    it at a third: what is used there is looked for there.
    """
    own, lent = (
        any(hours.holds(asked.period) for hours in _hours(asked, asked.period, ground, is_own=one))
        for one in (True, False)
    )
    house, place = asked.institution.pk, asked.place.pk
    lenders = _lenders(asked, ground) if lent else []
    if asked.technique is not None and place != house:
        own, lenders = False, [pk for pk in lenders if pk == place]
    stand_ins = slots.StandIns(
        types=_types(asked.devices[0], asked),
        without=[device.pk for device in asked.devices],
        house=house,
        own=house if own else None,
        lenders=lenders,
        period=asked.period,
        among=ground.settings["bookings.instead_among"],
    )
    return slots.stand_ins(stand_ins)


def _lenders(asked: Asked, ground: Ground) -> list[int]:
    """Whose shared devices the house may have: the other members of its alliance."""
    on = timezone.localdate(asked.at, judging.zone())
    members: Any = Membership.objects.in_force(on).filter(alliance=ground.alliance)
    others = members.exclude(institution=asked.institution)
    return list(others.values_list("institution_id", flat=True))


def _types(device: Device, asked: Asked) -> list[int]:
    """Its type, and those of its family that are meant for what is to be done.

    A type that names no technique is meant for all.
    """
    if not device.type.family:
        return [device.type_id]
    named = TypeTechnique.objects.filter(type=OuterRef("pk"))
    fits = named.filter(technique=asked.technique) if asked.technique else named.none()
    kinds: Any = alike(device.type).exclude(pk=device.type_id)
    kinds = kinds.filter(~Exists(named) | Exists(fits)).order_by("pk")
    return [device.type_id, *kinds.values_list("pk", flat=True)]


def _usable(
    asked: Asked, candidates: Sequence[_Candidate], ground: Ground, known: Sequence[Away]
) -> list[Device]:
    """Those that are in service all the time, the best first; none that was missing when counted."""
    blocks, most = dict(candidates), ground.settings["bookings.instead_devices"]
    out = {
        pk
        for pk, since, until in known
        if pk in blocks and since < blocks[pk].until and (until is None or blocks[pk].since < until)
    }
    # Theirs or shared with them: for the eyes of whoever books for the house.
    rows: Any = Device.objects.filter(pk__in=[pk for pk in blocks if pk not in out])
    found = {row.pk: row for row in with_missing(rows.for_list()) if not row.is_missing}
    return [found[pk] for pk in blocks if pk in found][:most]
