"""A year of bookings with their use, the next weeks, and people who wait.

Written as rows, since the past cannot be asked for: today's rules refuse it. What is to come and
the waiting list keep to the same constraints, so pages and tasks work on it like on any other.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from itertools import chain, cycle, product
from random import Random
from typing import Any

from alliance.catalogue.models import Technique
from alliance.institutions.models import Institution
from alliance.people.models import Practitioner, RoleGrant, User
from equipment.bookings.charges import actions
from equipment.bookings.choices import OPEN, Act, PersonRole, Status
from equipment.bookings.models import (
    BookedDevice,
    BookedPerson,
    Booking,
    BookingEvent,
    WaitingEntry,
)
from equipment.devices.choices import Condition, TypeKind
from equipment.devices.models import Device
from equipment.devices.selectors import shared_devices, techniques_of
from training.demo import Scene
from training.privileges.choices import Level
from training.privileges.models import Privilege

from .wanting import load_wanting

_BACK, _AHEAD = 365, 21
# On average so many uses a day of all shared devices; good ones stand idle on Tuesdays.
_A_DAY = 5.2
_WEIGHTS = (1.2, 0.35, 1.1, 1.15, 1.1, 0.5, 0.2)
# For so many days back some devices are as busy as devices get: with their own house, which is
# charged nothing for them. So many, and how full their days are.
_QUARTER, _BUSY, _PACES = 92, 20, (1.3, 0.6, 0.9, 0.45)
_BUSY_LENGTHS, _BUSY_SEED = (105, 120, 135), 47
# Far enough apart for the longest use with its set-up and cleaning.
_HOURS, _LENGTHS = (8, 11, 14, 17), (45, 60, 90)
_LATER = timedelta(minutes=1)
_ENDS = (Status.COMPLETED, Status.CANCELLED, Status.NO_SHOW, Status.REFUSED, Status.LAPSED)
_IN_HUNDRED = (84, 7, 4, 3, 2)
_LAST: dict[str, Act] = {
    Status.COMPLETED: Act.CHECK_OUT,
    Status.CANCELLED: Act.CANCEL,
    Status.NO_SHOW: Act.NO_SHOW,
    Status.REFUSED: Act.REFUSE,
    Status.LAPSED: Act.LAPSE,
}
_REASONS = ("患者改期", "手术取消", "转上级医院治疗", "设备另有安排")
_CONSUMABLES = ("", "", "穿刺器 2 个", "钛夹 6 枚", "超声刀头 1 把")
_NOTES = ("", "", "", "镜头已擦拭", "电池已充满", "摄像头线有松动，轻拿")


@dataclass(frozen=True)
class Team:
    """Who uses a device for what, and where."""

    person: Practitioner
    technique: Technique | None
    place: Institution


@dataclass
class _Made:
    """Rows to be stored, who books for each house, and who is busy on which day."""

    scene: Scene
    clerks: Mapping[int, User]
    bookings: list[Booking] = field(default_factory=list)
    devices: list[Device] = field(default_factory=list)
    busy: set[tuple[int, date]] = field(default_factory=set)


def load_bookings(scene: Scene) -> None:
    """Some 5,000 bookings, charges for those of other houses, and a waiting list."""
    devices = _devices(scene)
    teams = _teams(scene, devices)
    made = _Made(scene, clerks_of(scene))
    for back in range(_BACK, -_AHEAD, -1):
        _one_day(made, devices, teams, scene.day(back), back)
    _store(made)
    at_home = _busy_quarter(made, devices, teams)
    _store(at_home)
    used = [row.pk for row in made.bookings if row.status == Status.COMPLETED]
    coming = [row.pk for row in made.bookings if row.status in OPEN]
    actions.settle_uses(booking_ids=used, at=scene.moment(0))
    actions.agree_prices(booking_ids=coming, at=scene.moment(0))
    load_wanting(scene, [*_pairs(made), *_pairs(at_home)], made.clerks)
    _waiting(scene, devices, teams, made)


def _devices(scene: Scene) -> list[Device]:
    rows = shared_devices(scene.alliance.pk, scene.today)
    return list(rows.select_related("type", "owner").order_by("pk"))


def clerks_of(scene: Scene) -> Mapping[int, User]:
    """Who books for a house: somebody with a role there, else the first account of all."""
    grants = RoleGrant.objects.filter(user__is_demo=True, user__is_service=False)
    rows = grants.exclude(institution=None).select_related("user").order_by("-pk")
    found = {grant.institution_id: grant.user for grant in rows if grant.institution_id}
    return defaultdict(lambda: next(iter(scene.accounts.values())), found)


def _teams(scene: Scene, devices: list[Device]) -> dict[int, list[Team]]:
    """By type of device: those whose privileges need it; for a type nobody needs, any staff."""
    needs = techniques_of([device.type_id for device in devices])
    held = (
        Privilege.objects.in_force(scene.today)
        .filter(alliance=scene.alliance, level=Level.INDEPENDENT)
        .select_related("practitioner__institution", "technique", "institution")
        .order_by("pk")
    )
    by_technique: dict[int, list[Team]] = {}
    for row in held:
        team = Team(row.practitioner, row.technique, row.institution)
        by_technique.setdefault(row.technique_id, []).append(team)
    houses = [*scene.hospitals, *scene.townships]
    anybody = [
        Team(person, None, house) for house in houses for person in scene.staff[house.pk][:3]
    ]
    return {
        type_id: (
            list(chain.from_iterable(by_technique.get(pk, ()) for pk, _need in techniques))
            if techniques
            else anybody
        )
        for type_id, techniques in needs.items()
    }


def _one_day(
    made: _Made, devices: list[Device], teams: dict[int, list[Team]], day: date, back: int
) -> None:
    """What was, or is to be, booked on a day; each device at most once in each part of it."""
    dice = made.scene.dice
    chance = _A_DAY * _WEIGHTS[day.weekday()] / (len(devices) * len(_HOURS) or 1)
    for device, hour in ((one, hour) for one in devices for hour in _HOURS):
        crowd = teams[device.type_id]
        standing = device.in_use_from <= day
        if not crowd or not standing or dice.random() >= chance:
            continue
        team = dice.choice(crowd)
        if (team.person.pk, day) in made.busy:
            continue
        made.busy.add((team.person.pk, day))
        made.bookings.append(_booking(made, device, team, back, hour))
        made.devices.append(device)


def _busy_quarter(made: _Made, devices: list[Device], teams: dict[int, list[Team]]) -> _Made:
    """What the busiest were used for at home, a list a day; with dice of its own."""
    dice = Random(_BUSY_SEED)  # noqa: S311 (nothing secret)
    found = _Made(replace(made.scene, dice=dice), made.clerks, busy=made.busy)
    taken = {(device.pk, row.starts_at) for row, device in _pairs(made)}
    crowds = [(device, _at_home(device, teams)) for device in devices]
    # Of types with few devices all are busy at times: then somebody is refused in vain.
    few = Counter(device.type_id for device in devices)
    able = [(one, crowd) for one, crowd in crowds if crowd and one.type.kind != TypeKind.VEHICLE]
    chosen = sorted(able, key=lambda one: (few[one[0].type_id], one[0].pk))[:_BUSY]
    for back in range(_QUARTER, 0, -1):
        for (device, crowd), pace in zip(chosen, cycle(_PACES), strict=False):
            day = made.scene.day(back)
            free = [team for team in crowd if (team.person.pk, day) not in made.busy]
            if not free or device.in_use_from > day:
                continue
            team, chance = dice.choice(free), pace * _WEIGHTS[day.weekday()]
            made.busy.add((team.person.pk, day))
            for hour in _HOURS:
                is_free = (device.pk, made.scene.moment(back, hour)) not in taken
                if is_free and dice.random() < chance:
                    found.bookings.append(_used_at_home(found, device, team, back, hour))
                    found.devices.append(device)
    return found


def _at_home(device: Device, teams: dict[int, list[Team]]) -> list[Team]:
    """Who uses a device of their own house in it."""
    houses = {device.owner_id}
    return [
        team
        for team in teams[device.type_id]
        if {team.person.institution_id, team.place.pk} == houses
    ]


def _used_at_home(made: _Made, device: Device, team: Team, back: int, hour: int) -> Booking:
    """A long use that ends before the next is set up."""
    row = _booking(made, device, team, back, hour)
    most = 60 * (_HOURS[1] - _HOURS[0]) - device.setup - device.cleaning
    row.ends_at = row.starts_at + timedelta(
        minutes=min(most, made.scene.dice.choice(_BUSY_LENGTHS))
    )
    row.status, row.is_late = Status.COMPLETED, False
    row.used_from, row.used_until = row.starts_at, row.ends_at
    return row


def _pairs(made: _Made) -> Iterator[tuple[Booking, Device]]:
    return zip(made.bookings, made.devices, strict=True)


def _booking(made: _Made, device: Device, team: Team, back: int, hour: int) -> Booking:
    """One booking in the state that its day asks for."""
    scene, clerks = made.scene, made.clerks
    dice = scene.dice
    starts_at = scene.moment(back, hour)
    ends_at = starts_at + timedelta(minutes=dice.choice(_LENGTHS))
    row = Booking(
        alliance=scene.alliance,
        institution=team.person.institution,
        place=team.place,
        technique=team.technique,
        operator=team.person,
        starts_at=starts_at,
        ends_at=ends_at,
        created_by=scene.accounts.get(team.person.pk) or clerks[team.person.institution_id],
    )
    if back > 0:
        (row.status,) = dice.choices(_ENDS, _IN_HUNDRED)
    else:
        asks = device.needs_approval and dice.random() < 0.5
        row.status = Status.REQUESTED if asks else Status.CONFIRMED
    row.is_late = row.status == Status.CANCELLED and dice.random() < 0.3
    if row.status == Status.COMPLETED:
        row.used_from = starts_at + timedelta(minutes=dice.randrange(-5, 15))
        row.used_until = ends_at + timedelta(minutes=dice.randrange(-20, 15))
        row.consumables = dice.choice(_CONSUMABLES)
    return row


def _store(made: _Made) -> None:
    """All rows of a kind with one statement; the events tell how each came about."""
    lines = [_line(made.scene, *pair) for pair in _pairs(made)]
    events = [event for row in made.bookings for event in _events(made.scene, row)]
    Booking.objects.bulk_create(made.bookings, batch_size=1000)
    BookedDevice.objects.bulk_create(lines)
    BookedPerson.objects.bulk_create(
        [
            BookedPerson(
                booking=row,
                practitioner=row.operator,
                role=PersonRole.OPERATOR,
                starts_at=row.starts_at,
                ends_at=row.ends_at,
            )
            for row in made.bookings
        ]
    )
    BookingEvent.objects.bulk_create(events, batch_size=2000)


def _line(scene: Scene, row: Booking, device: Device) -> BookedDevice:
    line = BookedDevice(
        booking=row,
        device=device,
        block_from=row.starts_at - timedelta(minutes=device.setup),
        block_until=row.ends_at + timedelta(minutes=device.cleaning),
        needs_approval=row.status == Status.REQUESTED,
    )
    if row.status == Status.COMPLETED:
        worn = scene.dice.random() < 0.04
        line.condition = Condition.LIMITED if worn else Condition.GOOD
        line.condition_note = scene.dice.choice(_NOTES)
    return line


def _events(scene: Scene, row: Booking) -> Iterator[BookingEvent]:
    """Booked some days before, then what became of it."""
    asked_at = row.starts_at - timedelta(days=scene.dice.randrange(1, 12), hours=2)
    # What lies ahead was asked for already; a request so lately that its keeper may still answer.
    yesterday = scene.moment(1, row.starts_at.hour)
    asked_at = yesterday if row.status == Status.REQUESTED else min(asked_at, yesterday)
    row.created_at = asked_at
    first = Status.REQUESTED if row.status in _ASKED else Status.CONFIRMED
    yield _event(row, Act.BOOK, "", first, asked_at)
    if row.status not in _LAST:
        return
    source = first
    if row.status == Status.COMPLETED:
        yield _event(row, Act.CHECK_IN, source, Status.IN_USE, row.used_from or row.starts_at)
        source = Status.IN_USE
    at = row.used_until or row.starts_at - timedelta(hours=3 if row.is_late else 30)
    if row.status == Status.NO_SHOW:
        at = row.starts_at + timedelta(hours=1)
    reason = scene.dice.choice(_REASONS) if row.status in _EXPLAINED else ""
    yield _event(row, _LAST[row.status], source, row.status, max(at, asked_at + _LATER), reason)


_ASKED = frozenset({Status.REQUESTED, Status.REFUSED, Status.LAPSED})
_EXPLAINED = frozenset({Status.REFUSED, Status.CANCELLED})


def _event(
    row: Booking, act: Act, source: str, target: str, at: datetime, reason: str = ""
) -> BookingEvent:
    return BookingEvent(
        booking=row,
        act=act,
        source=source,
        target=target,
        reason=reason,
        by=None if act in (Act.LAPSE, Act.NO_SHOW) else row.created_by,
        at=at,
    )


def _wanted_by_many(
    scene: Scene, devices: list[Device], teams: dict[int, list[Team]], made: _Made
) -> tuple[Device, int, list[Team]]:
    """A high-end device, a day on which it is free, and two or more who are free that day too."""
    best = [one for one in devices if one.type.is_high_end]
    for back, device in product(range(-3, -_AHEAD, -1), best):
        day = scene.day(back)
        crowd = [one for one in teams[device.type_id] if (one.person.pk, day) not in made.busy]
        taken = BookedDevice.objects.filter(device=device, is_live=True)
        opens, closes = scene.moment(back, 7), scene.moment(back, 22)
        is_free = not taken.filter(block_from__lt=closes, block_until__gt=opens).exists()
        if is_free and len({one.person.pk for one in crowd}) > 1:
            return device, back, crowd
    raise LookupError("no high-end device is free on any day to come")


def _waiting(
    scene: Scene, devices: list[Device], teams: dict[int, list[Team]], made: _Made
) -> None:
    """A high-end device is taken for a whole day to come; three people wait for it."""
    device, back, crowd = _wanted_by_many(scene, devices, teams, made)
    opens, closes = scene.moment(back, 7), scene.moment(back, 22)
    whole = _Made(scene, made.clerks)
    row = _booking(whole, device, crowd[0], back, 8)
    row.starts_at, row.ends_at, row.status = opens + timedelta(minutes=15), closes, Status.CONFIRMED
    whole.bookings, whole.devices = [row], [device]
    _store(whole)
    queue: dict[int, Any] = {team.person.pk: team for team in crowd[1:]}
    for team in list(queue.values())[:3]:
        WaitingEntry.objects.create(
            alliance=scene.alliance,
            institution=team.person.institution,
            place=team.place,
            type=device.type,
            device=device,
            technique=team.technique,
            operator=team.person,
            minutes=90,
            wanted_from=opens,
            wanted_until=closes,
            created_by=scene.accounts.get(team.person.pk)
            or made.clerks[team.person.institution_id],
        )
