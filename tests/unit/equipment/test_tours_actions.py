"""Tours through their actions: state after, event, hold on the devices, and what is refused."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError
from django.utils import timezone

from alliance.core.errors import DomainError, StaleVersion
from alliance.core.models import OutboxMessage
from alliance.notices.models import Notice
from equipment.bookings import selectors as bookings
from equipment.bookings.errors import BookingRefused
from equipment.tours import actions, receivers, selectors
from equipment.tours.models import TourDevice, TourEvent
from tests.factories import bookings_waiting as queue
from tests.factories.alliance import PractitionerFactory
from tests.factories.bookings import bare, booked, lent, may_operate
from tests.factories.devices import DeviceFactory, DeviceTypeFactory
from tests.factories.service import OutageFactory, ordered
from tests.factories.tours import (
    HOUR,
    announced,
    moment,
    moved,
    place_at,
    planned,
    stop_at,
    vehicle,
)

pytestmark = pytest.mark.django_db


def now():
    return timezone.now()


def change(tour, by, *, devices=None, version=None, **values):
    if devices is None:
        lines = tour.lines.exclude(device=tour.vehicle_id).select_related("device")
        devices = [line.device for line in lines]
    return actions.change_tour(
        tour=tour, version=version, devices=devices, by=by, at=now(), **values
    )


def fields(caught):
    return caught.value.error_dict.keys()


def test_a_planned_tour_holds_its_devices(world):
    tour = planned(world)
    assert tour.status == "planned"
    assert tour.lines.filter(is_live=True).count() == 2
    assert [event.act for event in tour.events.all()] == ["plan"]


def test_who_sends_a_device_on_tour_hears_that_it_fails(world):
    spare, board = DeviceFactory(owner=world.county), DeviceFactory(owner=world.county)
    tour = planned(world, devices=[board])
    for device in (spare, board):
        ordered(device, world.county_doctor)
    (promised,) = OutboxMessage.objects.filter(topic="tours.away")
    for _twice in range(2):
        receivers.tell_away(**promised.payload)
    told = Notice.objects.get(user=world.manager, text_key="tours.away")
    assert (told.url, told.values["device"]) == (tour.get_absolute_url(), board.name)
    # What is mended before it leaves needs no word.
    board.outages.all().delete()
    Notice.objects.all().delete()
    receivers.tell_away(**promised.payload)
    assert not Notice.objects.exists()


def test_who_does_not_keep_the_vehicle_plans_nothing(world):
    with pytest.raises(PermissionDenied):
        planned(world, by=world.doctor)
    assert planned(world, by=world.office).owner == world.county


@pytest.mark.parametrize(
    ("make", "field"),
    [
        (lambda w: {"car": lent(w)}, "vehicle"),
        (lambda w: {"ends_at": moment(1)}, "ends_at"),
        (lambda w: {"devices": [DeviceFactory(owner=w.township)]}, "devices"),
        (lambda w: {"devices": [vehicle(w)]}, "devices"),
        (lambda w: {"name": " "}, "name"),
    ],
)
def test_a_tour_that_makes_no_sense_is_refused_at_its_field(world, make, field):
    with pytest.raises(ValidationError) as caught:
        planned(world, **make(world))
    assert fields(caught) == {field}


def test_what_is_booked_out_of_service_or_on_tour_does_not_go(world):
    taken, down, away = lent(world), lent(world), lent(world)
    bare(world, device=taken)
    OutageFactory(device=down, starts_at=moment(0), ends_at=None)
    planned(world, devices=[away])
    with pytest.raises(ValidationError) as caught:
        planned(world, devices=[taken, down, away])
    assert fields(caught) == {"devices"}
    text = " ".join(caught.value.messages)
    assert all(word in text for word in ("is booked", "not in service", "another tour"))
    car = vehicle(world)
    planned(world, car=car)
    with pytest.raises(ValidationError) as caught:
        planned(world, car=car)
    assert fields(caught) == {"vehicle"}


def test_the_constraint_has_the_last_word_between_two_tours(world, monkeypatch):
    device = lent(world)
    planned(world, devices=[device])
    monkeypatch.setattr("equipment.tours.actions.tours._insist_on_free", lambda *args: None)
    with pytest.raises(ValidationError) as caught:
        planned(world, devices=[device])
    assert fields(caught) == {"devices"}
    broken = IntegrityError("something else")

    def fail(**values):
        raise broken

    monkeypatch.setattr(TourDevice.objects, "update_or_create", fail)
    with pytest.raises(IntegrityError, match="something else"):
        planned(world)


def test_a_device_on_tour_is_neither_free_nor_booked(world):
    device, starts_at = lent(world), moment(2, 10)
    may_operate(world)
    tour = planned(world, devices=[device])
    with pytest.raises(BookingRefused) as caught:
        booked(world, device=device, starts_at=starts_at)
    assert tour.name in caught.value.told[0].text
    day = {"since": tour.starts_at, "until": tour.ends_at, "minutes": 30}
    assert bookings.free_slots([device.pk], **day) == {device.pk: []}
    moved(tour, "cancel", world.manager, reason="车辆维修")
    assert booked(world, device=device, starts_at=starts_at).status == "confirmed"


def test_a_tour_changes_with_what_is_on_board(world):
    tour, more = planned(world), lent(world)
    assert change(tour, world.manager).version == 1
    until = tour.ends_at + HOUR
    changed = change(tour, world.manager, devices=[more], version=1, name="西片", ends_at=until)
    assert (changed.version, changed.name) == (2, "西片")
    lines = changed.lines.values_list("device", "ends_at")
    assert set(lines) == {(tour.vehicle_id, until), (more.pk, until)}
    with pytest.raises(StaleVersion):
        change(tour, world.manager, version=1, name="北片")
    stop_at(world, tour)
    with pytest.raises(ValidationError) as caught:
        change(tour, world.manager, ends_at=tour.starts_at + HOUR)
    assert fields(caught) == {"ends_at"}


def test_a_tour_is_announced_finished_and_closed(world):
    tour = planned(world)
    with pytest.raises(DomainError, match="has no stop"):
        moved(tour, "announce", world.manager)
    stop = stop_at(world, tour)
    moved(tour, "announce", world.manager, version=1)
    with pytest.raises(DomainError, match="last stop"):
        moved(tour, "finish", world.manager)
    tour = moved(tour, "finish", world.manager, at=stop.ends_at)
    assert tour.status == "done"
    assert not tour.lines.filter(is_live=True).exists()
    with pytest.raises(DomainError, match="no longer"):
        moved(tour, "cancel", world.manager, reason="晚了")
    with pytest.raises(DomainError, match="no longer changes"):
        change(tour, world.manager, name="晚了")


def test_a_tour_is_called_off_with_a_reason_and_frees_its_places(world):
    stop = announced(world)
    place = place_at(world, stop)
    with pytest.raises(ValidationError):
        moved(stop.tour, "cancel", world.manager, reason=" ")
    moved(stop.tour, "cancel", world.manager, reason="道路积雪")
    place.refresh_from_db()
    stop.refresh_from_db()
    assert (place.status, stop.taken, stop.is_live) == ("cancelled", 0, False)
    assert TourEvent.objects.get(act="cancel").reason == "道路积雪"
    with pytest.raises(DomainError, match="道路积雪"):
        place_at(world, stop)


def test_stops_lie_apart_and_at_members(world):
    tour = planned(world)
    stop_at(world, tour)
    with pytest.raises(ValidationError) as caught:
        stop_at(world, tour, world.township2, after=2)
    assert fields(caught) == {"starts_at"}
    with pytest.raises(ValidationError) as caught:
        stop_at(world, tour, world.outside, after=5)
    assert fields(caught) == {"institution"}
    assert stop_at(world, tour, world.township2, after=4).vehicle == tour.vehicle
    with pytest.raises(PermissionDenied):
        stop_at(world, tour, world.township2, after=7, hours=1, by=world.doctor)


def test_a_stop_changes_until_it_is_called_off(world):
    tour = planned(world)
    stop = stop_at(world, tour)

    def set_(**values):
        act = {"version": None, "by": world.manager, "at": now()} | values
        return actions.change_stop(stop=stop, **act)

    assert set_(capacity=2).version == 1
    assert set_(institution=world.township2, version=1).version == 2
    moved(tour, "announce", world.manager)
    with pytest.raises(ValidationError) as caught:
        set_(institution=world.township)
    assert fields(caught) == {"institution"}
    assert set_(capacity=5, location="院内").capacity == 5
    with pytest.raises(DomainError, match="has begun"):
        actions.cancel_stop(stop=stop, reason="雨", by=world.manager, at=stop.starts_at)
    called_off = actions.cancel_stop(stop=stop, reason="雨", by=world.manager, at=now())
    assert called_off.cancel_reason == "雨"
    with pytest.raises(DomainError, match="called off"):
        set_(capacity=6)
    stop.refresh_from_db()
    with pytest.raises(DomainError, match="雨"):
        place_at(world, stop, by=world.township2_doctor)


def test_places_are_numbered_full_and_free_again(world):
    stop = announced(world)
    first, second = place_at(world, stop), place_at(world, stop)
    assert (first.number, second.number) == (1, 2)
    with pytest.raises(DomainError, match="All 2 places"):
        place_at(world, stop)
    given_up = actions.cancel_place(place=first, by=world.township_manager, at=now())
    again = actions.cancel_place(place=first, by=world.manager, at=stop.starts_at)
    assert given_up.cancelled_at == again.cancelled_at
    assert place_at(world, stop).number == 1
    with pytest.raises(DomainError, match="has begun"):
        actions.cancel_place(place=second, by=world.doctor, at=stop.starts_at)
    with pytest.raises(PermissionDenied):
        actions.cancel_place(place=second, by=world.township2_doctor, at=now())


def test_a_place_is_booked_by_its_house_for_its_doctor_in_time(world):
    stop = announced(world)
    stranger = PractitionerFactory(institution=world.township2)
    with pytest.raises(PermissionDenied):
        place_at(world, stop, by=world.township2_doctor)
    with pytest.raises(ValidationError) as caught:
        place_at(world, stop, doctor=stranger)
    assert fields(caught) == {"doctor"}
    with pytest.raises(ValidationError) as caught:
        place_at(world, stop, subject=" ")
    assert fields(caught) == {"subject"}
    with pytest.raises(DomainError, match="has begun"):
        place_at(world, stop, at=stop.starts_at)
    draft = stop_at(world, planned(world, days=5))
    with pytest.raises(DomainError, match="not announced"):
        place_at(world, draft)


def test_a_tour_that_has_begun_still_changes(world):
    tour = planned(world, starts_at=now() - HOUR, ends_at=now() + timedelta(days=1))
    assert change(tour, world.manager, note="带身份证").note == "带身份证"


def test_a_second_type_of_device_may_be_on_board(world):
    room = DeviceFactory(owner=world.county, type=DeviceTypeFactory(code="R", kind="room"))
    with pytest.raises(ValidationError) as caught:
        planned(world, devices=[room])
    assert fields(caught) == {"devices"}


def serves():
    rows = OutboxMessage.objects.filter(topic="bookings.serve").order_by("pk")
    return [row.payload["type_id"] for row in rows]


def test_a_time_that_is_offered_to_somebody_is_not_taken_for_a_tour(world):
    device = lent(world)
    given = queue.offer(queue.waiting(world, device=device))
    starts_at = given.starts_at.replace(hour=0)
    with pytest.raises(ValidationError) as caught:
        planned(world, devices=[device], starts_at=starts_at, ends_at=starts_at + 20 * HOUR)
    assert "is offered to" in " ".join(caught.value.messages)
    given.answer, given.answered_at = "let_go", now()
    given.save()
    planned(world, devices=[device], starts_at=starts_at, ends_at=starts_at + 20 * HOUR)


def test_what_a_tour_gives_back_is_offered_to_who_waits(world):
    """When it is called off, and when a device stays at home; not for types nobody waits for."""
    device, other = lent(world), lent(world, type=DeviceTypeFactory(code="09", name="超声"))
    tour = planned(world, devices=[device, other])
    queue.waiting(world, device=device)
    OutboxMessage.objects.all().delete()
    change(tour, world.manager, devices=[other])
    assert serves() == [device.type_id]
    queue.waiting(world, device=other)
    moved(tour, "cancel", world.manager, reason="车辆维修")
    assert serves() == [device.type_id, other.type_id]


def test_other_stops_come_first_at_home_then_by_time(world):
    stop = announced(world)
    later = announced(world, days=6)
    before = announced(world, days=4)
    elsewhere = stop_at(world, stop.tour, world.township2, after=5)
    full = announced(world, days=8)
    for _number in range(2):
        place_at(world, full)
    strange = planned(world, days=9, devices=[lent(world, type=DeviceTypeFactory(code="09"))])
    stop_at(world, strange)
    moved(strange, "announce", world.manager)
    stop_at(world, planned(world, days=11))
    found = selectors.instead_of(stop, now(), limit=9)
    assert found == [before, later, elsewhere]
    assert selectors.instead_of(stop, now()) == [before, later]
