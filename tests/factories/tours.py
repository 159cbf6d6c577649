"""Tours for tests: the county's vehicle with an ultrasound, stopping at townships."""

from datetime import timedelta

from django.utils import timezone

from equipment.tours import actions
from equipment.tours.choices import Move
from tests.factories.devices import DeviceFactory, DeviceTypeFactory

HOUR = timedelta(hours=1)


def moment(days=2, hour=8):
    """A whole hour some days from now."""
    local = timezone.localtime() + timedelta(days=days)
    return local.replace(hour=hour, minute=0, second=0, microsecond=0)


def vehicle(world, **more):
    """A vehicle of the county."""
    type_ = DeviceTypeFactory(code="VEH", name="巡回医疗车", kind="vehicle")
    return DeviceFactory(**{"type": type_, "owner": world.county, "name": "巡回车"} | more)


def planned(world, *, days=2, hours=10, car=None, devices=None, by=None, **more):
    """A tour of the county, two days from now."""
    car = car or vehicle(world)
    values = {
        "alliance": world.alliance,
        "vehicle": car,
        "devices": [DeviceFactory(owner=car.owner)] if devices is None else devices,
        "name": "东片巡诊",
        "starts_at": moment(days),
        "ends_at": moment(days) + hours * HOUR,
        "at": timezone.now(),
    }
    return actions.plan_tour(by=by or world.manager, **values | more)


def stop_at(world, tour, house=None, *, after=1, hours=3, capacity=2, **more):
    """A stop at the township an hour after the tour begins, for two."""
    starts_at = tour.starts_at + after * HOUR
    values = {
        "institution": house or world.township,
        "starts_at": starts_at,
        "ends_at": starts_at + hours * HOUR,
        "capacity": capacity,
        "by": world.manager,
        "at": timezone.now(),
    }
    return actions.add_stop(tour=tour, **values | more)


def moved(tour, move, by, **more):
    """The tour after a move."""
    return actions.move(tour=tour, move=Move(move), by=by, **{"at": timezone.now()} | more)


def announced(world, **more):
    """An announced tour with a stop at the township; gives the stop."""
    tour = planned(world, **more)
    stop = stop_at(world, tour)
    moved(tour, "announce", world.manager)
    stop.refresh_from_db()
    return stop


def place_at(world, stop, **more):
    """A place booked by the township's doctor."""
    values = {"subject": "张某，膝痛", "doctor": world.practitioner, "by": world.doctor}
    return actions.book_place(stop=stop, **{"at": timezone.now()} | values | more)
