"""What must never be false of tours is refused by the database itself."""

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone

from equipment.tours.models import Place, Stop, Tour, TourDevice, TourEvent
from tests.factories.tours import HOUR, announced, moment, place_at, planned, stop_at

pytestmark = pytest.mark.django_db


def refused(name, write):
    with pytest.raises(IntegrityError, match=f'"{name}"'), transaction.atomic():
        write()


@pytest.fixture
def stop(world):
    return announced(world)


@pytest.mark.parametrize(
    ("values", "name"),
    [
        ({"status": "dreamt"}, "tours_tour_status"),
        ({"ends_at": moment(-9)}, "tours_tour_period"),
        ({"cancel_reason": "雨"}, "tours_tour_cancelled"),
        ({"status": "cancelled"}, "tours_tour_cancelled"),
    ],
)
def test_a_tour_keeps_its_order(stop, values, name):
    refused(name, lambda: Tour.objects.update(**values))


@pytest.mark.parametrize(
    ("values", "name"),
    [
        ({"ends_at": moment(-9)}, "tours_stop_period"),
        ({"capacity": 0}, "tours_stop_capacity"),
        ({"capacity": 501}, "tours_stop_capacity"),
        ({"taken": 3}, "tours_stop_not_overbooked"),
        ({"cancel_reason": "雨"}, "tours_stop_cancelled"),
        ({"cancelled_at": moment(0)}, "tours_stop_cancelled"),
    ],
)
def test_a_stop_keeps_its_order(stop, values, name):
    refused(name, lambda: Stop.objects.update(**values))


def test_a_vehicle_stands_at_one_place_at_a_time(world, stop):
    again = {"tour": stop.tour, "vehicle": stop.vehicle, "institution": world.township2}
    again |= {"starts_at": stop.ends_at, "ends_at": stop.ends_at + HOUR, "capacity": 1}
    early = again | {"starts_at": stop.ends_at - HOUR}
    refused("tours_stop_no_overlap", lambda: Stop.objects.create(**early))
    Stop.objects.filter(pk=stop.pk).update(cancelled_at=timezone.now(), cancel_reason="雨")
    assert not Stop.objects.get(pk=stop.pk).is_live
    Stop.objects.create(**early)


def test_a_device_is_on_one_tour_at_a_time(world, stop):
    other = planned(world, days=4)
    line = stop.tour.lines.first()
    lines = other.lines.filter(device=other.vehicle)
    again = {"tour": other, "device": line.device}
    times = {"starts_at": line.starts_at, "ends_at": line.ends_at}
    refused("tours_tourdevice_no_overlap", lambda: TourDevice.objects.create(**again, **times))
    refused(
        "tours_tourdevice_once", lambda: lines.create(device=other.vehicle, tour=other, **times)
    )
    refused("tours_tourdevice_period", lambda: lines.update(ends_at=moment(-9)))
    Tour.objects.filter(pk=stop.tour_id).update(status="done")
    TourDevice.objects.create(**again, **times)


@pytest.mark.parametrize(
    ("values", "name"),
    [
        ({"number": 0}, "tours_place_number"),
        ({"status": "cancelled"}, "tours_place_status"),
        ({"cancelled_at": moment(0)}, "tours_place_status"),
        ({"status": "lost"}, "tours_place_status"),
    ],
)
def test_a_place_keeps_its_order(world, stop, values, name):
    place_at(world, stop)
    refused(name, lambda: Place.objects.update(**values))


def test_places_never_exceed_the_capacity_whoever_writes(world, stop):
    first = place_at(world, stop)
    twin = {
        "stop": stop,
        "subject": "李某",
        "doctor": world.practitioner,
        "booked_by": world.doctor,
    }
    refused("tours_place_number_once", lambda: Place.objects.create(number=first.number, **twin))
    Place.objects.create(number=2, **twin)
    refused("tours_stop_not_overbooked", lambda: Place.objects.create(number=3, **twin))
    refused("tours_stop_not_overbooked", lambda: Stop.objects.update(capacity=1))
    Place.objects.filter(number=2).delete()
    assert Stop.objects.get(pk=stop.pk).taken == 1


def test_the_history_of_a_tour_stays_as_it_was(stop):
    event = TourEvent.objects.filter(act="announce")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        event.update(reason="不同")
    values = {"tour": stop.tour, "by": stop.tour.created_by, "at": timezone.now()}
    made = TourEvent.objects.create
    refused("tours_event_words", lambda: made(act="sing", target="done", **values))


def test_rows_name_themselves(world, stop):
    place = place_at(world, stop)
    names = [stop, stop.tour, place, stop.tour.lines.first(), stop.tour.events.first()]
    assert all(map(str, names))
    assert stop_at(world, stop.tour, world.township2, after=5).free == 2


def test_devices_on_tour_are_seen_with_their_tour(world, stop):
    rows = TourDevice.objects.filter(tour=stop.tour)
    assert rows.visible_to(world.doctor).count() == rows.count() > 0
    assert not rows.visible_to(world.outsider).exists()
