"""When a booking is granted, in facts and refusals; pure.

Periods are half-open: what ends at ten does not meet what begins at ten. Hours are those of the
wall clock of a zone; lengths are real time, so that a night in which clocks change loses nothing.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any, NamedTuple

from .choices import Code

DAY = timedelta(days=1)
_SHORTEST = timedelta(minutes=1)


class Period(NamedTuple):
    """From `since` until before `until`; made by `period`, so that it is in UTC."""

    since: datetime
    until: datetime

    @property
    def length(self) -> timedelta:
        """How long it lasts."""
        return self.until - self.since

    def meets(self, other: "Period") -> bool:
        """Whether they share a moment."""
        return self.since < other.until and other.since < self.until

    def holds(self, other: "Period") -> bool:
        """Whether the other lies within."""
        return self.since <= other.since and other.until <= self.until


def period(since: datetime, until: datetime) -> Period:
    """A period of two moments of any zones."""
    return Period(since.astimezone(UTC), until.astimezone(UTC))


@dataclass(frozen=True, slots=True)
class Refusal:
    """One reason against a booking: a code, the device it is about (if one), and the facts."""

    code: Code
    device_id: int | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Limits:
    """The policy of an alliance on a day. Hours run from `open_from` until `open_until` (0 to 24).

    A use booked on the spot may have begun `grace` ago. On `reserved_weekday` (0 is Monday, None:
    never) the reserved hours belong to townships, until
    so many hours before. A quota of 0 is none.
    """

    grace: timedelta
    lead: timedelta
    horizon: timedelta
    longest: timedelta
    open_from: int
    open_until: int
    reserved_weekday: int | None
    reserved_from: int
    reserved_until: int
    reserved_release: timedelta
    quota: int
    strikes_most: int
    block: timedelta


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks: whether all devices are their own, whether reserved hours are meant for them."""

    is_own: bool
    is_township: bool
    booked_this_week: int = 0
    strikes: Sequence[datetime] = ()


def refusals(
    asked: Period, *, asker: Asker, limits: Limits, at: datetime, zone: tzinfo
) -> list[Refusal]:
    """Every reason of time and policy against a booking; none for one's own devices but of time."""
    if asked.until <= asked.since:
        return [Refusal(Code.PERIOD)]
    found = list(_of_time(asked, limits, at))
    if not asker.is_own:
        found += _of_sharing(asked, asker, limits, at, zone)
    return found


def _of_time(asked: Period, limits: Limits, at: datetime) -> Iterator[Refusal]:
    if asked.since < at - limits.grace or asked.until <= at:
        yield Refusal(Code.PAST)
    if asked.length > limits.longest:
        yield Refusal(Code.TOO_LONG, facts={"minutes": int(limits.longest.total_seconds() // 60)})
    if asked.since > at + limits.horizon:
        yield Refusal(
            Code.TOO_FAR, facts={"days": limits.horizon.days, "latest_on": at + limits.horizon}
        )


def _of_sharing(
    asked: Period, asker: Asker, limits: Limits, at: datetime, zone: tzinfo
) -> Iterator[Refusal]:
    if at - limits.grace <= asked.since < at + limits.lead:
        yield Refusal(Code.TOO_SOON, facts={"earliest_at": at + limits.lead})
    if not any(hours.holds(asked) for hours in openings(asked, limits, zone)):
        hours_ = {"opens": limits.open_from, "closes": limits.open_until}
        yield Refusal(Code.CLOSED, facts=hours_)
    if not asker.is_township:
        yield from _of_reserved(asked, limits, at, zone)
    if limits.quota and asker.booked_this_week >= limits.quota:
        week = week_of(asked.since, zone)
        yield Refusal(Code.QUOTA, facts={"quota": limits.quota, "again_at": week.until})
    until = blocked_until(asker.strikes, most=limits.strikes_most, block=limits.block)
    if until is not None and at < until:
        yield Refusal(Code.BLOCKED, facts={"until_at": until, "strikes": len(asker.strikes)})


def _of_reserved(asked: Period, limits: Limits, at: datetime, zone: tzinfo) -> Iterator[Refusal]:
    for kept in reservations(asked, limits, at, zone):
        if kept.meets(asked):
            opens_at = kept.since - limits.reserved_release
            facts = {"from_at": kept.since, "until_at": kept.until, "opens_at": opens_at}
            yield Refusal(Code.RESERVED, facts=facts)


def local_days(asked: Period, zone: tzinfo) -> Iterator[date]:
    """The days of the wall clock that a period touches."""
    day = asked.since.astimezone(zone).date()
    while moment(day, 0, zone) < asked.until:
        yield day
        day += DAY


def days_of(used: Period, zone: tzinfo) -> Iterator[date]:
    """The days of a use, of however short a one."""
    return local_days(Period(used.since, max(used.until, used.since + _SHORTEST)), zone)


def moment(day: date, hour: int, zone: tzinfo) -> datetime:
    """A whole hour of a day by the wall clock; 24 is the midnight that follows.

    In UTC: moments of one zone would be compared and subtracted by the wall clock.
    """
    extra, hour = divmod(hour, 24)
    return datetime.combine(day + extra * DAY, time(hour), zone).astimezone(UTC)


def openings(asked: Period, limits: Limits, zone: tzinfo) -> list[Period]:
    """The hours of sharing that a period touches; days that meet at midnight become one."""
    found: list[Period] = []
    for day in local_days(asked, zone):
        hours = Period(moment(day, limits.open_from, zone), moment(day, limits.open_until, zone))
        if found and found[-1].until == hours.since:
            found[-1] = Period(found[-1].since, hours.until)
        elif hours.since < hours.until:
            found.append(hours)
    return found


def reservations(asked: Period, limits: Limits, at: datetime, zone: tzinfo) -> Iterator[Period]:
    """The hours of townships that a period touches and that are not open to everybody yet."""
    for day in local_days(asked, zone):
        if day.weekday() != limits.reserved_weekday:
            continue
        since = moment(day, limits.reserved_from, zone)
        hours = Period(since, moment(day, limits.reserved_until, zone))
        if hours.since < hours.until and at < hours.since - limits.reserved_release:
            yield hours


def open_to(
    asked: Period, *, asker: Asker, limits: Limits, length: timedelta, at: datetime, zone: tzinfo
) -> list[Period]:
    """The times within a period in which a use of a length would be granted, by policy.

    One's own devices may be had at any hour; those of others within the hours of sharing, with
    notice, and not while they are kept for townships.
    """
    earliest = at if asker.is_own else at + limits.lead
    until = min(asked.until, at + limits.horizon + length)
    whole = Period(max(asked.since, earliest), until)
    if whole.until <= whole.since:
        return []
    if asker.is_own:
        return [whole]
    kept = [] if asker.is_township else list(reservations(whole, limits, at, zone))
    return without([_cut(hours, whole) for hours in openings(whole, limits, zone)], kept)


def _cut(hours: Period, whole: Period) -> Period:
    return Period(max(hours.since, whole.since), min(hours.until, whole.until))


def without(times: Iterable[Period], kept: Collection[Period]) -> list[Period]:
    """What is left of times once others are taken out of them."""
    left = [one for one in times if one.since < one.until]
    for one in kept:
        pieces = [
            piece
            for each in left
            for piece in (
                Period(each.since, min(each.until, one.since)),
                Period(max(each.since, one.until), each.until),
            )
        ]
        left = [piece for piece in pieces if piece.since < piece.until]
    return left


def common(times: Sequence[Sequence[Period]]) -> list[Period]:
    """The times that lie in one of each: when all are free of whom these are the free times."""
    first, *others = times
    left = list(first)
    for own in others:
        left = [_cut(one, each) for one in left for each in own if one.meets(each)]
    return left


def week_of(when: datetime, zone: tzinfo) -> Period:
    """The week, Monday to Sunday by the wall clock, in which a moment lies."""
    day = when.astimezone(zone).date()
    monday = day - day.weekday() * DAY
    return Period(moment(monday, 0, zone), moment(monday + 7 * DAY, 0, zone))


def blocked_until(strikes: Sequence[datetime], *, most: int, block: timedelta) -> datetime | None:
    """Until when somebody may not book after so many missed or late-cancelled bookings."""
    if most == 0 or len(strikes) < most:
        return None
    return max(strikes) + block


@dataclass(frozen=True, slots=True)
class Person:
    """What the privileges say about the operator or the mentor: yes, supervised or no, and why.

    `place` is the house that was asked about, where it is not the place of use.
    """

    verdict: str
    reasons: Sequence[str] = ()
    place: str = ""


def privilege_refusals(
    operator: Person, mentor: Person | None, *, place: str = ""
) -> list[Refusal]:
    """Reasons of privilege: by oneself, or supervised with a mentor who may do it alone.

    `place` is the house whose privileges count, as it is named to the reader.
    """
    if operator.verdict == "yes":
        return []
    if operator.verdict != "supervised":
        facts = {"reasons": list(operator.reasons), "place": place}
        return [Refusal(Code.NOT_PRIVILEGED, facts=facts)]
    if mentor is None:
        return [Refusal(Code.NEEDS_MENTOR)]
    if mentor.verdict != "yes":
        facts = {"reasons": list(mentor.reasons), "place": mentor.place or place}
        return [Refusal(Code.MENTOR_UNFIT, facts=facts)]
    return []


@dataclass(frozen=True, slots=True)
class Lent:
    """A device as the asking house meets it: theirs or shared with them, and what it is for."""

    device_id: int
    may_use: bool
    techniques: frozenset[int] = frozenset()


def device_refusals(devices: Iterable[Lent], technique_id: int | None) -> list[Refusal]:
    """Devices that are not shared with the house, or not meant for what is to be done.

    A type for which no technique is listed is meant for all.
    """
    found: list[Refusal] = []
    for device in devices:
        if not device.may_use:
            found.append(Refusal(Code.NOT_SHARED, device.device_id))
        elif device.techniques and technique_id is None:
            found.append(Refusal(Code.NO_TECHNIQUE, device.device_id))
        elif device.techniques and technique_id not in device.techniques:
            found.append(Refusal(Code.UNFIT, device.device_id))
    return found


def block(asked: Period, *, setup: int, cleaning: int) -> Period:
    """How long a use keeps a device from others: minutes of set-up before, of cleaning after."""
    return Period(asked.since - timedelta(minutes=setup), asked.until + timedelta(minutes=cleaning))


def freed_at(blocked: Period, *, used_until: datetime, cleaning: int) -> datetime:
    """When a device that was given back is free: clean, and never later than was promised."""
    clean = used_until + timedelta(minutes=cleaning)
    return max(min(blocked.until, clean), blocked.since + _SHORTEST)


def unbound_at(asked: Period, *, used_until: datetime) -> datetime:
    """When people who ended a use may be booked again."""
    return max(min(asked.until, used_until), asked.since + _SHORTEST)


def is_late(*, starts_at: datetime, at: datetime, deadline: timedelta) -> bool:
    """Whether a cancellation comes too late to cost nothing."""
    return at > starts_at - deadline


def has_room(free: Period, *, wishes: Iterable[tuple[Period, timedelta]]) -> bool:
    """Whether one of the wishes (within which time, for how long) could be met in a free time."""
    return any(
        min(free.until, window.until) - max(free.since, window.since) >= length
        for window, length in wishes
    )


def repeats(asked: Period, *, every_days: int, count: int, zone: tzinfo) -> list[Period]:
    """The occurrences of a repeated period: the same hour by the wall clock, the same length."""
    since = asked.since.astimezone(zone).replace(tzinfo=None)
    found = []
    for number in range(count):
        local = (since + number * every_days * DAY).replace(tzinfo=zone)
        begins = local.astimezone(UTC)
        found.append(Period(begins, begins + asked.length))
    return found


def codes(found: Collection[Refusal]) -> list[str]:
    """The codes of refusals, each once, in order."""
    return list(dict.fromkeys(one.code.value for one in found))


# What another time would mend; the rest wants another device, person or technique.
OF_TIME = frozenset(
    {
        Code.PAST,
        Code.TOO_SOON,
        Code.CLOSED,
        Code.OUT,
        Code.TAKEN,
        Code.OPERATOR_BUSY,
        Code.MENTOR_BUSY,
        Code.QUOTA,
        Code.RESERVED,
    }
)
# What another device would mend.
OF_DEVICE = frozenset({Code.OUT, Code.TAKEN, Code.NOT_SHARED})
