"""Devices that fail or leave under bookings that stand: marked, cancelled, exchanged."""

import pytest
from django.utils import timezone

from alliance.notices.models import Notice
from equipment.bookings import actions, notices, presenters
from equipment.bookings.models import Booking
from equipment.devices.signals import device_availability_changed
from equipment.service.models import Outage
from tests.factories import bookings as make
from tests.factories.bookings import HOUR, booked, heard, lent, soon

pytestmark = pytest.mark.django_db
NOW = soon(0, 9)


@pytest.fixture(autouse=True)
def practising(world):
    """The township's doctor may operate, as far as a test does not say otherwise."""
    return make.may_operate(world)


def test_bookings_of_a_device_that_left_for_good_are_cancelled_and_excused(world):
    device, at = lent(world), timezone.now()
    asked = booked(world, device=device)
    begun = booked(world, device=device, starts_at=soon(3))
    actions.check_in(booking=begun, by=world.doctor, at=begun.starts_at)
    Outage.objects.create(device=device, starts_at=at, reason="fault")
    type(device).objects.filter(pk=device.pk).update(
        retired_on=timezone.localdate(), retirement="worn"
    )
    assert actions.recheck_devices(device_ids=[device.pk], at=at) == 2
    asked.refresh_from_db()
    begun.refresh_from_db()
    assert (asked.status, asked.is_excused, asked.is_late) == ("cancelled", True, False)
    assert (begun.status, begun.affected_code) == ("in_use", "retired")
    event = asked.events.latest("pk")
    assert presenters.timeline([event])[0]["quote"] == "A device has left the register."
    notices.tell(event_id=event.pk)
    told = Notice.objects.get(user=world.doctor, text_key="booking.gone")
    assert told.url == asked.get_absolute_url()
    assert actions.recheck_devices(device_ids=[device.pk], at=at) == 0


def test_a_device_fails_during_a_chain_of_bookings(world):
    device, other = lent(world), lent(world)
    chain = [booked(world, device=device, starts_at=soon(day)) for day in (2, 3, 4)]
    spared = booked(world, device=other, starts_at=soon(5))
    with heard() as news:
        outage = Outage.objects.create(
            device=device, reason="fault", starts_at=NOW, ends_at=chain[1].ends_at
        )
        device_availability_changed.send(sender=None, device_ids=[device.pk])
    assert news == [([chain[0].pk], "affect", []), ([chain[1].pk], "affect", [])]
    rows = Booking.objects.order_by("starts_at")
    marked = rows.values_list("affected_code", flat=True)
    assert list(marked) == ["fault", "fault", "", ""]
    Outage.objects.create(device=device, reason="recall", starts_at=NOW)
    device_availability_changed.send(sender=None, device_ids=[device.pk, other.pk])
    assert list(marked.all()) == ["fault", "fault", "recall", ""]
    assert spared.pk not in rows.exclude(affected_code="").values_list("pk", flat=True)
    # Who cancels now does so at no cost, and whoever does not is not blamed.
    actions.mark_missed(at=chain[0].starts_at + 2 * HOUR)
    missed = Booking.objects.get(pk=chain[0].pk)
    assert (missed.status, missed.is_excused) == ("no_show", True)
    # Another reason for the same is noted, and nobody is told again.
    outage.delete()
    assert actions.recheck_devices(device_ids=[device.pk], at=NOW) == 0
    assert list(marked.all()) == ["fault", "recall", "recall", ""]
    Outage.objects.all().delete()
    assert actions.recheck_devices(device_ids=[device.pk], at=NOW) == 2
    assert set(marked.filter(status="confirmed")) == {""}
    assert actions.recheck_devices(device_ids=[lent(world).pk], at=NOW) == 0


def test_one_device_away_is_enough(world):
    devices = [lent(world), lent(world)]
    row = booked(world, devices=devices)
    Outage.objects.create(device=devices[0], reason="fault", starts_at=NOW)
    assert actions.recheck_devices(device_ids=[devices[0].pk], at=NOW) == 1
    row.refresh_from_db()
    assert (row.affected_code, row.affected_at) == ("fault", NOW)


def test_a_device_that_left_says_more_than_another_out_of_service(world):
    devices = [lent(world), lent(world)]
    row = booked(world, devices=devices)
    leaves = {"retired_on": timezone.localdate(NOW), "retirement": "worn"}
    type(devices[0]).objects.filter(pk=devices[0].pk).update(**leaves)
    Outage.objects.create(device=devices[1], reason="fault", starts_at=NOW)
    assert actions.recheck_devices(device_ids=[one.pk for one in devices], at=NOW) == 1
    row.refresh_from_db()
    assert (row.status, row.is_excused) == ("cancelled", True)


@pytest.mark.parametrize("case", ["another fits", "nothing fits", "two are away"])
def test_one_of_several_devices_that_left_is_exchanged_if_another_fits(world, case):
    gone, stays = lent(world), lent(world)
    row = booked(world, devices=[gone, stays])
    other, own = lent(world, type=gone.type), type(gone).objects
    leaving = own.exclude(pk=stays.pk) if case == "nothing fits" else own.filter(pk=gone.pk)
    leaving.update(retired_on=timezone.localdate(NOW), retirement="worn")
    if case == "two are away":
        Outage.objects.create(device=stays, reason="fault", starts_at=NOW)
    assert actions.recheck_devices(device_ids=[gone.pk], at=NOW) == 1
    row.refresh_from_db()
    if case != "another fits":
        assert (row.status, row.is_excused) == ("cancelled", True)
        return
    assert (row.status, row.affected_code) == ("confirmed", "retired")
    assert actions.recheck_devices(device_ids=[gone.pk], at=NOW) == 0
    made = actions.rebook(booking=row, without=gone, device=other, by=world.doctor, at=NOW)
    assert set(made.lines.values_list("device", flat=True)) == {other.pk, stays.pk}
    row.refresh_from_db()
    assert (row.status, row.is_late) == ("cancelled", False)
