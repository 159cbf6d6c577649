"""The facts about a booking that is asked for, and the reasons against it."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta, tzinfo
from typing import Any, Final

from django.db import connection
from django.db.models import Q
from django.utils import timezone

from alliance.core.policy import PolicySet, policies
from alliance.institutions.choices import Tier
from alliance.institutions.models import Alliance, Institution, Membership
from equipment.devices.models import Device, TypeTechnique
from equipment.service import selectors as service
from training.selectors import may_perform

from . import holds, rules, texts
from .choices import Code, MentorWord
from .errors import Asked, BookingRefused, Ground
from .models import BookedPerson, Booking
from .rules import Limits, Period, Refusal

_TOWNSHIPS: Final = (Tier.TOWNSHIP, Tier.VILLAGE)
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Judgement:
    """What was found: every reason against it, and on what ground (None: it was not asked for)."""

    ground: Ground | None
    refusals: list[Refusal]
    is_supervised: bool = False

    def refused(self, asked: Asked) -> BookingRefused:
        """The same as an error, in words."""
        devices = {device.pk: device for device in asked.devices}
        told = texts.told(self.refusals, devices)
        return BookingRefused(asked, self.ground, self.refusals, told)


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
        grace=timedelta(minutes=settings["bookings.begun_minutes"]),
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


def ground_of(asked: Asked) -> Ground:
    """In which alliance it would be booked, and by what policy; two queries."""
    alliance, shared = _sharing(asked)
    today = timezone.localdate(asked.at, zone())
    settings = settings_of(alliance.pk if alliance else None, today)
    return Ground(alliance, frozenset(shared), settings)


def is_own(asked: Asked) -> bool:
    """Whether nothing is borrowed."""
    return all(device.owner_id == asked.institution.pk for device in asked.devices)


def is_township(institution: Institution) -> bool:
    """Whether hours reserved for townships are meant for it."""
    return institution.tier in _TOWNSHIPS


def at_a_glance(asked: Asked) -> Judgement | None:
    """What the losers of a race are told without making anybody wait. None: nothing known yet.

    Nothing is locked here; a time that looks free is asked about again under lock. Where a device
    is taken that is all that is told: another time is needed, whatever else might be wrong.
    """
    if asked.period.until <= asked.period.since:
        return None
    claims = claims_on(asked)
    if claims.taken:
        return Judgement(None, claims.refusals(asked))
    return judge(asked, claims=claims) if claims.bound else None


@dataclass(frozen=True, slots=True)
class Claims:
    """What is promised to others in a time already: devices, and people."""

    taken: frozenset[int]
    bound: frozenset[int]

    def refusals(self, asked: Asked) -> list[Refusal]:
        """The devices taken, or what is the same in words, in the order of what is asked."""
        return [Refusal(Code.TAKEN, one.pk) for one in asked.devices if one.pk in self.taken]

    def busy(self, asked: Asked) -> Iterator[Refusal]:
        """Whether the operator or the mentor is booked elsewhere."""
        if asked.operator.pk in self.bound:
            yield Refusal(Code.OPERATOR_BUSY)
        if asked.mentor is not None and asked.mentor.pk in self.bound:
            yield Refusal(Code.MENTOR_BUSY)


# The bounds '[)' are written out as in the exclusion constraints, whose indexes answer then.
_CLAIMS = """
SELECT device_id, NULL::bigint, block_from, block_until FROM bookings_bookeddevice
WHERE is_live AND device_id = ANY(%(devices)s::bigint[])
    AND tstzrange(block_from, block_until, '[)') && tstzrange(%(from)s, %(to)s)
UNION ALL
SELECT o.device_id, NULL, o.block_from, o.block_until
FROM bookings_waitingoffer o JOIN bookings_waitingentry e ON e.id = o.entry_id
WHERE o.answer = 'open' AND o.device_id = ANY(%(devices)s::bigint[])
    AND o.block_from < %(to)s AND o.block_until > %(from)s AND e.institution_id <> %(house)s
UNION ALL
SELECT NULL, practitioner_id, starts_at, ends_at FROM bookings_bookedperson
WHERE is_live AND practitioner_id = ANY(%(people)s::bigint[])
    AND tstzrange(starts_at, ends_at, '[)') && tstzrange(%(since)s, %(until)s)
"""


def claims_on(asked: Asked) -> Claims:
    """What is booked, or kept for others who wait, in the time that is asked for; one query.

    What is kept for one's own house is for it to take.
    """
    blocks = {device.pk: block_of(device, asked.period) for device in asked.devices}
    values: dict[str, Any] = {
        "devices": list(blocks), "people": asked.people, "house": asked.institution.pk,
        "since": asked.period.since, "until": asked.period.until,
        "from": min(one.since for one in blocks.values()),
        "to": max(one.until for one in blocks.values()),
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_CLAIMS, values)
        rows = cursor.fetchall()
    return Claims(
        frozenset(pk for pk, _who, *time in rows if pk and blocks[pk].meets(Period(*time))),
        frozenset(who for _pk, who, *_time in rows if who),
    )


def judge(asked: Asked, ground: Ground | None = None, claims: Claims | None = None) -> Judgement:
    """Every reason against what is asked; what was found out already need not be asked again."""
    ground = ground or ground_of(asked)
    local = timezone.localdate(asked.period.since, zone())
    asker = asker_of(asked, ground.settings)
    set_ = limits(ground.settings, asked.institution.tier)
    found = rules.refusals(asked.period, asker=asker, limits=set_, at=asked.at, zone=zone())
    is_supervised = False
    if Code.PERIOD not in {one.code for one in found}:
        found += rules.device_refusals(
            _lent(asked, ground.shared), asked.technique.pk if asked.technique else None
        )
        reasons, is_supervised = _privileges(asked, local)
        claims = claims or claims_on(asked)
        found += [*reasons, *_out(asked), *_held(asked)]
        found += [*claims.refusals(asked), *claims.busy(asked)]
    return Judgement(ground, found, is_supervised)


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


def asker_of(asked: Asked, settings: PolicySet) -> rules.Asker:
    """Who asks, with what counts against them where they borrow; two queries then."""
    for_townships = is_township(asked.institution)
    if is_own(asked):
        return rules.Asker(is_own=True, is_township=for_townships)
    return rules.Asker(
        is_own=False,
        is_township=for_townships,
        booked_this_week=_borrowed_this_week(asked, settings),
        strikes=strikes(asked.operator.pk, settings, at=asked.at),
    )


def counts_quota(asked: Asked, settings: PolicySet) -> bool:
    """Whether it matters how much else the house borrows meanwhile."""
    return not is_own(asked) and limits(settings, asked.institution.tier).quota > 0


def _borrowed_this_week(asked: Asked, settings: PolicySet) -> int:
    if not counts_quota(asked, settings):
        return 0
    week = rules.week_of(asked.period.since, zone())
    borrowed = Booking.objects.live().borrowed_by(asked.institution.pk)
    return borrowed.filter(starts_at__gte=week.since, starts_at__lt=week.until).count()


def strikes(operator_id: int, settings: PolicySet, *, at: datetime) -> list[datetime]:
    """When the bookings were that an operator missed or cancelled too late, as far as they count."""
    since = at - timedelta(days=settings["bookings.strike_days"])
    until = at + timedelta(days=settings["bookings.horizon_days"])
    rows = Booking.objects.strikes(since, until).filter(operator=operator_id)
    return [min(when, at) for when in rows.values_list("starts_at", flat=True)]


def _lent(asked: Asked, shared: Collection[int]) -> list[rules.Lent]:
    """The devices with what they are for; a technique of which no device is listed takes any."""
    techniques: dict[int, set[int]] = {}
    types = {device.type_id for device in asked.devices}
    mine = Q(technique=asked.technique.pk) if asked.technique else Q()
    needs = TypeTechnique.objects.filter(Q(type__in=types) | mine)
    pairs = list(needs.values_list("type_id", "technique_id"))
    if asked.technique is None or any(pk == asked.technique.pk for _type, pk in pairs):
        for type_id, technique_id in pairs:
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


def _privileges(asked: Asked | Booking, on: date) -> tuple[list[Refusal], bool]:
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
            mentor = replace(mentor, place=asked.mentor.institution.short_name)
    found = rules.privilege_refusals(operator, mentor, place=asked.place.short_name)
    return found, operator.verdict == "supervised" and not found


def against_people(row: Booking, *, at: datetime) -> list[Refusal]:
    """Why the people of a booking may not do it on this day: privileges end and are suspended."""
    found, is_supervised = _privileges(row, timezone.localdate(at, zone()))
    if is_supervised and row.mentor_word == MentorWord.DECLINED:
        found.append(Refusal(Code.NEEDS_MENTOR))
    return found


def against_mentor(asked: Asked, *, besides: Booking) -> list[Refusal]:
    """Why somebody else cannot be the mentor of a booking that stands: may not do it, or is bound."""
    found, _is_supervised = _privileges(asked, timezone.localdate(asked.period.since, zone()))
    bound: Any = BookedPerson.objects.bound(*asked.period).exclude(booking=besides)
    if asked.mentor is not None and bound.filter(practitioner=asked.mentor).exists():
        found.append(Refusal(Code.MENTOR_BUSY))
    return found


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
