"""A vehicle with an X-ray and an ultrasound goes round the townships: last month, next week, later."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from alliance.institutions.models import Institution
from equipment.bookings.models import BookedDevice
from equipment.devices.choices import TypeKind
from equipment.devices.models import Device
from equipment.service.selectors import in_service
from equipment.tours import actions
from equipment.tours.choices import Move
from equipment.tours.models import Stop, Tour
from training.demo import Scene

_ON_BOARD = ("DR", "US")
_PLACES = 12
_PAST = 24
_HOUR = timedelta(hours=1)
_CASES = (
    ("王某，男 62", "胸片复查"),
    ("李某，女 45", "甲状腺超声"),
    ("张某，女 58", "乳腺超声"),
    ("赵某，男 70", "胸片，咳嗽两周"),
    ("周某，女 33", "腹部超声"),
)  # fmt: skip


def load_tours(scene: Scene) -> None:
    """One tour that is done, one that members book now, one that is being planned."""
    owner = scene.counties[0]
    vehicles = Device.objects.filter(owner=owner, type__kind=TypeKind.VEHICLE, retired_on=None)
    vehicle = vehicles.select_related("type", "owner").order_by("pk")[0]
    houses = scene.townships
    # A vehicle that is as good as new has not been anywhere yet.
    if vehicle.in_use_from <= scene.day(_PAST):
        done = _tour(scene, vehicle, "东片巡诊（上一轮）", back=_PAST, houses=houses[:3])
        for stop in done.stops.order_by("pk"):
            _book(scene, stop, 4, at=done.starts_at - timedelta(days=1))
        _move(scene, done, Move.FINISH, at=done.ends_at)
    coming = _tour(scene, vehicle, "东片乡镇影像巡诊", back=-5, houses=houses[:4])
    for number, stop in enumerate(coming.stops.order_by("pk")):
        _book(scene, stop, 5 - number, at=scene.moment(1))
    _tour(scene, vehicle, "西片乡镇影像巡诊", back=-19, houses=houses[4:7], is_announced=False)


def _tour(
    scene: Scene,
    vehicle: Device,
    name: str,
    *,
    back: int,
    houses: Sequence[Institution],
    is_announced: bool = True,
) -> Tour:
    """Two stops a day, morning and afternoon; planned ten days before, or two days ago."""
    first = scene.moment(back, 7)
    last = scene.moment(back - (len(houses) - 1) // 2, 19)
    at = min(first - timedelta(days=10), scene.moment(2))
    tour = actions.plan_tour(
        alliance=scene.alliance,
        vehicle=vehicle,
        devices=_free(vehicle.owner, first, last),
        name=name,
        starts_at=first,
        ends_at=last,
        note="随车：放射技师 1 名、超声医师 1 名。请患者携带既往片子和检查单。",
        by=scene.manager(vehicle.owner),
        at=at,
    )
    for number, house in enumerate(houses):
        starts_at = scene.moment(back - number // 2, 14 if number % 2 else 9)
        actions.add_stop(
            tour=tour,
            institution=house,
            starts_at=starts_at,
            ends_at=starts_at + 3 * _HOUR,
            capacity=_PLACES,
            location="门诊楼前停车场",
            by=scene.manager(vehicle.owner),
            at=at,
        )
    if is_announced:
        _move(scene, tour, Move.ANNOUNCE, at=at)
    return tour


def _free(owner: Institution, since: datetime, until: datetime) -> list[Device]:
    """One device of each kind that is in service all the while and that nobody has booked."""
    taken = BookedDevice.objects.filter(device__owner=owner).blocking(since, until)
    found = []
    for code in _ON_BOARD:
        rows = Device.objects.filter(owner=owner, type__code=code, retired_on=None)
        usable = in_service(rows, since=since, until=until).exclude(pk__in=taken.values("device"))
        found += list(usable.select_related("type", "owner").order_by("pk")[:1])
    return found


def _move(scene: Scene, tour: Tour, move: Move, *, at: datetime) -> None:
    actions.move(tour=tour, move=move, by=scene.manager(tour.owner), at=at)


def _book(scene: Scene, stop: Stop, count: int, *, at: datetime) -> None:
    """Some places for patients of a house, by its manager for its doctors."""
    doctors = scene.staff[stop.institution_id]
    for number in range(count):
        subject, note = _CASES[number]
        actions.book_place(
            stop=stop,
            subject=subject,
            note=note,
            doctor=doctors[number % len(doctors)],
            by=scene.manager(stop.institution),
            at=at,
        )
