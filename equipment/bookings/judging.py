"""The facts about a booking that is asked for, and the reasons against it."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, tzinfo
from typing import Any, Final

from django.utils import timezone

from alliance.core.policy import PolicySet, policies
from alliance.institutions.choices import Tier
from alliance.institutions.models import Alliance, Membership
from equipment.devices.models import Device, TypeTechnique
from equipment.service import selectors as service
from training.selectors import may_perform

from . import holds, rules, texts
from .choices import Code
from .errors import Asked, BookingRefused
from .models import BookedDevice, BookedPerson, Booking, WaitingOffer
from .rules import Limits, Period, Refusal

_TOWNSHIPS: Final = (Tier.TOWNSHIP, Tier.VILLAGE)
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Judgement:
    """What was found: the alliance in which it is booked, every reason against it, the policy."""

    alliance: Alliance | None
    refusals: list[Refusal]
    settings: PolicySet
    is_supervised: bool = False
    devices: dict[int, Device] = field(default_factory=dict)

    def refused(self, asked: Asked) -> BookingRefused:
        """The same as an error, in words."""
        told = texts.told(self.refusals, self.devices)
        return BookingRefused(asked, self.refusals, told)


def zone() -> tzinfo:
    """The zone whose wall clock counts."""
    return timezone.get_default_timezone()


def settings_of(alliance_id: int | None, on: date) -> PolicySet:
    """The policy of bookings in force in an alliance; one query."""
    return policies(alliance_id=alliance_id, on=on, prefix="bookings.")


def limits(settings: PolicySet, tier: str) -> Limits:
    """The policy as rules take it, for an institution of a tier."""
    weekday = settings["bookings.reserved_weekday"]
    return Limits(
        lead=timedelta(minutes=settings["bookings.lead_minutes"]),
        horizon=timedelta(days=settings["bookings.horizon_days"]),
        longest=timedelta(minutes=settings["bookings.longest_minutes"]),
        open_from=settings["bookings.open_from"],
        open_until=settings["bookings.open_until"],
        reserved_weekday=None if weekday == "none" else int(weekday),
        reserved_from=settings["bookings.reserved_from"],
        reserved_until=settings["bookings.reserved_until"],
        reserved_release=timedelta(hours=settings["bookings.reserved_release"]),
        quota=settings[f"bookings.quota_{tier}"],
        strikes_most=settings["bookings.strikes_most"],
        block=timedelta(days=settings["bookings.block_days"]),
    )


def block_of(device: Device, period: Period) -> Period:
    """How long a use keeps this device from others."""
    return rules.block(period, setup=device.setup, cleaning=device.cleaning)


def taken(asked: Asked) -> list[Refusal]:
    """The devices that somebody else has in that time, or that are kept for others who wait.

    Two queries. What is kept for one's own house is for it to take.
    """
    devices, period = asked.devices, asked.period
    blocks = {device.pk: block_of(device, period) for device in devices}
    since = min(one.since for one in blocks.values())
    until = max(one.until for one in blocks.values())
    booked = BookedDevice.objects.filter(device__in=blocks).blocking(since, until)
    kept: Any = WaitingOffer.objects.filter(device__in=blocks).holding(since, until)
    others = kept.exclude(entry__institution=asked.institution)
    found = {
        pk
        for rows in (booked, others)
        for pk, from_, to in rows.values_list("device_id", "block_from", "block_until")
        if blocks[pk].meets(Period(from_, to))
    }
    return [Refusal(Code.TAKEN, pk) for pk in blocks if pk in found]


def at_a_glance(asked: Asked) -> Judgement | None:
    """What the losers of a race are told without waiting: taken. None where nothing is known yet.

    Nothing is locked here; a time that looks free is asked about again under lock.
    """
    if asked.period.until <= asked.period.since:
        return None
    gone = taken(asked)
    if not gone:
        return None
    devices = {device.pk: device for device in asked.devices}
    return Judgement(None, gone, PolicySet({}), devices=devices)


def alliance_of(asked: Asked) -> Alliance | None:
    """The alliance in which it would be booked; one query."""
    return _sharing(asked)[0]


def judge(asked: Asked) -> Judgement:
    """Every reason against what is asked, and what a booking needs to be made."""
    alliance, shared = _sharing(asked)
    local = timezone.localdate(asked.period.since, zone())
    settings = settings_of(alliance.pk if alliance else None, timezone.localdate(asked.at, zone()))
    is_own = all(device.owner_id == asked.institution.pk for device in asked.devices)
    asker = _asker(asked, settings, is_own=is_own)
    set_ = limits(settings, asked.institution.tier)
    found = rules.refusals(asked.period, asker=asker, limits=set_, at=asked.at, zone=zone())
    devices = {device.pk: device for device in asked.devices}
    is_supervised = False
    if Code.PERIOD not in {one.code for one in found}:
        found += rules.device_refusals(
            _lent(asked, shared), asked.technique.pk if asked.technique else None
        )
        reasons, is_supervised = _privileges(asked, local)
        found += [*reasons, *_out(asked), *_held(asked), *taken(asked), *_bound(asked)]
    return Judgement(alliance, found, settings, is_supervised, devices)


def _sharing(asked: Asked) -> tuple[Alliance | None, set[int]]:
    """The alliance of the booking, and the owners who are in it or are the house itself.

    Of several alliances the one that all owners are in, else the one joined first.
    """
    owners = {device.owner_id for device in asked.devices} | {asked.institution.pk}
    rows = (
        Membership.objects.in_force(timezone.localdate(asked.at, zone()))
        .filter(institution__in=owners, alliance__is_active=True)
        .select_related("alliance")
        .order_by("valid_from", "pk")
    )
    members: dict[int, set[int]] = {}
    alliances: dict[int, Alliance] = {}
    for row in rows:
        members.setdefault(row.alliance_id, set()).add(row.institution_id)
        alliances[row.alliance_id] = row.alliance
    joined = [pk for pk, houses in members.items() if asked.institution.pk in houses]
    if not joined:
        return None, {asked.institution.pk}
    best = max(joined, key=lambda pk: len(members[pk]))
    return alliances[best], members[best]


def _asker(asked: Asked, settings: PolicySet, *, is_own: bool) -> rules.Asker:
    """Who asks, with what counts against them where they borrow; two queries then."""
    is_township = asked.institution.tier in _TOWNSHIPS
    if is_own:
        return rules.Asker(is_own=True, is_township=is_township)
    week = rules.week_of(asked.period.since, zone())
    borrowed = Booking.objects.live().borrowed_by(asked.institution.pk)
    count = borrowed.filter(starts_at__gte=week.since, starts_at__lt=week.until).count()
    return rules.Asker(
        is_own=False,
        is_township=is_township,
        booked_this_week=count,
        strikes=strikes(asked.operator.pk, settings, at=asked.at),
    )


def strikes(operator_id: int, settings: PolicySet, *, at: datetime) -> list[datetime]:
    """When the bookings were that an operator missed or cancelled too late, as far as they count."""
    since = at - timedelta(days=settings["bookings.strike_days"])
    until = at + timedelta(days=settings["bookings.horizon_days"])
    rows = Booking.objects.strikes(since, until).filter(operator=operator_id)
    return [min(when, at) for when in rows.values_list("starts_at", flat=True)]


def _lent(asked: Asked, shared: Collection[int]) -> list[rules.Lent]:
    techniques: dict[int, set[int]] = {}
    types = {device.type_id for device in asked.devices}
    needs = TypeTechnique.objects.filter(type__in=types).values_list("type_id", "technique_id")
    for type_id, technique_id in needs:
        techniques.setdefault(type_id, set()).add(technique_id)
    return [
        rules.Lent(
            device.pk,
            device.owner_id == asked.institution.pk
            or (device.is_shared and device.owner_id in shared),
            frozenset(techniques.get(device.type_id, ())),
        )
        for device in asked.devices
    ]


def _privileges(asked: Asked, on: date) -> tuple[list[Refusal], bool]:
    """Whether operator and mentor may; a mentor counts with what they may do there or at home."""
    if asked.technique is None:
        return [], False
    technique, place = asked.technique.pk, asked.place.pk
    operator = _answer(technique, asked.operator.pk, place, on)
    mentor: rules.Person | None = None
    if operator.verdict == "supervised" and asked.mentor is not None:
        mentor = _answer(technique, asked.mentor.pk, place, on)
        home = asked.mentor.institution_id
        if mentor.verdict != "yes" and home != place:
            mentor = _answer(technique, asked.mentor.pk, home, on)
    found = rules.privilege_refusals(operator, mentor)
    return found, operator.verdict == "supervised" and not found


def _answer(technique: int, person: int, place: int, on: date) -> rules.Person:
    answer = may_perform(
        practitioner_id=person, technique_id=technique, institution_id=place, on=on
    )
    return rules.Person(str(answer.verdict), [reason.text for reason in answer.reasons])


def _out(asked: Asked) -> list[Refusal]:
    """The devices that are not in service all the time, set-up and cleaning included."""
    found: list[Refusal] = []
    for device in asked.devices:
        time = block_of(device, asked.period)
        since = max(time.since, min(asked.at, asked.period.since))
        own = Device.objects.filter(pk=device.pk)
        if service.in_service(own, since=since, until=time.until).exists():
            continue
        outs = service.why_out([device.pk], since=since, until=time.until).get(device.pk, [])
        facts = {"why": [out.sentence for out in outs], "codes": [out.code for out in outs]}
        found.append(Refusal(Code.OUT, device.pk, facts))
    return found


def _held(asked: Asked) -> list[Refusal]:
    """The devices that another room has promised elsewhere, set-up and cleaning included."""
    blocks = {device.pk: block_of(device, asked.period) for device in asked.devices}
    since = min(one.since for one in blocks.values())
    until = max(one.until for one in blocks.values())
    return [
        Refusal(Code.OUT, one.device_id, {"why": [one.sentence], "codes": ["held"]})
        for one in holds.holds(list(blocks), since, until)
        if blocks[one.device_id].meets(Period(one.since, one.until))
    ]


def _bound(asked: Asked) -> list[Refusal]:
    """Whether the operator or the mentor is booked elsewhere; one query."""
    rows = BookedPerson.objects.bound(*asked.period).filter(practitioner__in=asked.people)
    busy = set(rows.values_list("practitioner_id", flat=True))
    found = []
    if asked.operator.pk in busy:
        found.append(Refusal(Code.OPERATOR_BUSY))
    if asked.mentor is not None and asked.mentor.pk in busy:
        found.append(Refusal(Code.MENTOR_BUSY))
    return found
