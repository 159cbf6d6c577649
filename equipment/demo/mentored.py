"""Bookings with a mentor: one past, one agreed to, one that waits for their word, one to be called.

Stored as rows like the others, at times when people and devices are free.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from alliance.people.models import Practitioner, User
from equipment.bookings.charges import actions
from equipment.bookings.choices import Act, MentorWord, PersonRole, Status
from equipment.bookings.models import BookedDevice, BookedPerson, Booking, BookingEvent
from equipment.devices.choices import Condition
from equipment.devices.models import Device
from equipment.devices.selectors import needs_of, shared_devices
from training.demo import Scene
from training.privileges.choices import Level
from training.privileges.models import Privilege

from .bookings import clerks_of

# How many days ago (to come: less than none), and what the mentor said to it.
_CASES = (
    (6, MentorWord.AGREED),
    (-5, MentorWord.AGREED),
    (-3, MentorWord.ASKED),
    (-8, MentorWord.CALL),
)
_HOURS = (9, 10, 13, 15, 16, 19)
_LENGTH = timedelta(minutes=60)
_Pair = tuple[Privilege, Practitioner]


@dataclass(frozen=True)
class _Times:
    """When a device and two people are free."""

    device: Device
    since: datetime
    until: datetime
    block_from: datetime
    block_until: datetime


def load_mentored(scene: Scene) -> None:
    """Who may do something under supervision only has the device and a mentor at one time."""
    clerks = clerks_of(scene)
    made: list[Booking] = []
    for back, word in _CASES:
        for held, mentor in _pairs(scene, needs_call=word == MentorWord.CALL):
            times = _free(scene, back, held, mentor)
            if times is not None:
                person = held.practitioner
                by = scene.accounts.get(person.pk) or clerks[person.institution_id]
                made.append(_booked(scene, held, mentor, times, word, by))
                break
    past = [row.pk for row in made if row.status == Status.COMPLETED]
    actions.settle_uses(booking_ids=past, at=scene.moment(0))
    coming = [row.pk for row in made if row.status == Status.CONFIRMED]
    actions.agree_prices(booking_ids=coming, at=scene.moment(0))


def _pairs(scene: Scene, *, needs_call: bool) -> list[_Pair]:
    """Who learns something, and who may teach it; those who can sign in first."""
    rows = Privilege.objects.in_force(scene.today).filter(alliance=scene.alliance)
    rows = rows.select_related("practitioner__institution", "technique", "institution")
    teachers: dict[int, list[Practitioner]] = {}
    for row in rows.filter(level=Level.INDEPENDENT).order_by("pk"):
        is_known = row.practitioner_id in scene.accounts
        if is_known != needs_call and row.institution_id == row.practitioner.institution_id:
            teachers.setdefault(row.technique_id, []).append(row.practitioner)
    learners = sorted(
        rows.filter(level=Level.SUPERVISED),
        key=lambda row: (row.practitioner_id not in scene.accounts, row.pk),
    )
    return [
        (row, next(iter(able)))
        for row in learners
        if (able := teachers.get(row.technique_id)) and row.practitioner not in able
    ]


def _free(scene: Scene, back: int, held: Privilege, mentor: Practitioner) -> _Times | None:
    """The first hour of the day in which both and a device for it are free."""
    types = [pk for one in needs_of(held.technique_id) for pk in one.type_ids]
    shared: Any = shared_devices(scene.alliance.pk, scene.today).filter(type__in=types)
    day = scene.day(back)
    devices = [
        one
        for one in shared.filter(needs_approval=False).select_related("type", "owner")
        if one.in_use_from <= day and not one.type.is_fixed
    ]
    people: Any = BookedPerson.objects.filter(practitioner__in=[held.practitioner, mentor])
    for hour in _HOURS:
        since = scene.moment(back, hour)
        until = since + _LENGTH
        if not people.bound(since, until).exists():
            for times in (_times(one, since, until) for one in devices):
                lines: Any = BookedDevice.objects.filter(device=times.device)
                if not lines.blocking(times.block_from, times.block_until).exists():
                    return times
    return None


def _times(device: Device, since: datetime, until: datetime) -> _Times:
    before, after = timedelta(minutes=device.setup), timedelta(minutes=device.cleaning)
    return _Times(device, since, until, since - before, until + after)


def _booked(
    scene: Scene, held: Privilege, mentor: Practitioner, times: _Times, word: str, by: User
) -> Booking:
    """One booking with its device, its people and its history."""
    is_past = times.until < scene.moment(0, 0)
    asked_at = min(times.since - timedelta(days=4), scene.moment(1))
    used = {"used_from": times.since, "used_until": times.until} if is_past else {}
    row = Booking.objects.create(
        alliance=scene.alliance, institution=held.practitioner.institution,
        place=held.institution, technique=held.technique, operator=held.practitioner,
        mentor=mentor, mentor_word=word, is_supervised=True, starts_at=times.since,
        ends_at=times.until, status=Status.COMPLETED if is_past else Status.CONFIRMED,
        created_at=asked_at, created_by=by, **used,
    )  # fmt: skip
    BookedDevice.objects.create(
        booking=row, device=times.device, block_from=times.block_from,
        block_until=times.block_until, condition=Condition.GOOD if is_past else "",
    )  # fmt: skip
    roles = {PersonRole.OPERATOR: row.operator, PersonRole.MENTOR: mentor}
    BookedPerson.objects.bulk_create(
        BookedPerson(
            booking=row, practitioner=person, role=role, starts_at=times.since,
            ends_at=times.until,
        )
        for role, person in roles.items()
    )  # fmt: skip
    BookingEvent.objects.bulk_create(_events(row, by, scene.accounts.get(mentor.pk), asked_at))
    return row


def _events(row: Booking, by: User, mentor: User | None, at: datetime) -> Sequence[BookingEvent]:
    """Booked and, where they did, agreed to; of what is past, used."""
    told = {"mentor": row.mentor_id, "word": MentorWord.ASKED if mentor else MentorWord.CALL}
    steps = [(Act.BOOK, "", Status.CONFIRMED, by, at)]
    if mentor is not None and row.mentor_word == MentorWord.AGREED:
        later = at + timedelta(hours=3)
        steps.append((Act.MENTOR_YES, Status.CONFIRMED, Status.CONFIRMED, mentor, later))
    if row.used_from and row.used_until:
        steps += [
            (Act.CHECK_IN, Status.CONFIRMED, Status.IN_USE, by, row.used_from),
            (Act.CHECK_OUT, Status.IN_USE, Status.COMPLETED, by, row.used_until),
        ]
    return [
        BookingEvent(
            booking=row, act=act, source=source, target=target, by=who, at=when,
            data=told if act == Act.BOOK else {},
        )
        for act, source, target, who, when in steps
    ]  # fmt: skip
