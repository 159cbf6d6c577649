"""A referral whose booking of a device is lost: who is told, of what, and when nobody is."""

from datetime import datetime

import pytest
from django.utils import timezone

from alliance.core import outbox
from alliance.core.choices import Role
from alliance.core.models import OutboxMessage
from alliance.notices.models import Notice
from equipment.bookings import actions as bookings
from equipment.bookings.models import BookedDevice, Booking
from equipment.bookings.signals import bookings_changed
from equipment.devices.signals import device_availability_changed
from equipment.service.models import Outage
from referrals.models import ReasonCode
from tests import worlds
from tests.factories.alliance import AllianceFactory, staff
from tests.factories.bookings import bare, soon
from tests.factories.devices import DeviceFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def leg(world):
    return worlds.pending_referral(world)


@pytest.fixture
def device(world):
    return DeviceFactory(owner=world.county, name="超声刀")


@pytest.fixture
def booking(world, leg, device):
    return bare(world, device=device, referral_number=leg.number)


@pytest.fixture
def keeper(world):
    return staff(Role.EQUIPMENT_KEEPER, institution=world.county)


def told():
    """What referrals say of it, once the rest of the outbox is put aside."""
    OutboxMessage.objects.exclude(topic="referral.booking").delete()
    outbox.relay()
    return Notice.objects.filter(text_key="referral.booking_lost").order_by("pk")


def down(device):
    outage = Outage.objects.create(device=device, reason="fault", starts_at=timezone.now())
    device_availability_changed.send(sender=type(device), device_ids=[device.pk])
    return outage


def up(outage):
    Outage.objects.filter(pk=outage.pk).update(ends_at=timezone.now())
    device_availability_changed.send(sender=Outage, device_ids=[outage.device_id])


def test_a_device_that_fails_is_told_to_both_houses_with_what_would_work(
    world, leg, device, booking
):
    other = DeviceFactory(owner=world.county, name="超声刀", asset_number="2026-0007")
    beside = BookedDevice.objects.get(booking=booking)
    beside.pk, beside.device = None, DeviceFactory(owner=world.county, name="气腹机")
    beside.save(force_insert=True)
    outage = down(device)
    notices = told()
    assert {one.user_id for one in notices} == {
        world.doctor.pk,
        world.township_liaison.pk,
        world.liaison.pk,
    }
    one = notices[0]
    assert one.url == leg.get_absolute_url()
    # Only what failed, told from others of its name; and so is what would work.
    assert one.values["device"] == f"超声刀 · {device.asset_number} · {world.county.short_name}"
    assert one.values["number"] == leg.number
    assert datetime.fromisoformat(one.values["from_at"]) == booking.starts_at
    assert f"{other.name} · 2026-0007 · {world.county.short_name}" in one.values["others"]
    up(outage)
    down(device)
    assert told().count() == 6


def test_a_keeper_s_cancellation_is_told_the_booker_s_own_is_not(world, booking, device, keeper):
    second = bare(world, device=device, starts_at=soon(3), referral_number=booking.referral_number)
    now = timezone.now()
    bookings.cancel(booking=second, reason="改期", by=world.doctor, at=now)
    assert not told().exists()
    bookings.cancel(booking=booking, reason="借给急诊", by=keeper, at=now)
    assert told().count() == 3


def test_nobody_is_told_of_what_holds_again_or_of_a_leg_that_is_closed(world, leg, device, booking):
    up(down(device))
    assert not told().exists()
    down(device)
    ReasonCode.objects.create(
        move="reject", code="no_bed", label_zh="无床", label_en="No bed", valid_from="2020-01-01"
    )
    worlds.step(leg, "reject", world.liaison, reason_code="no_bed")
    assert not told().exists()


@pytest.mark.parametrize("number", ["", "ZZ20261122", "REF-0"])
def test_numbers_that_name_no_leg_are_passed_over(world, leg, device, booking, number):
    Booking.objects.filter(pk=booking.pk).update(referral_number=number)
    down(device)
    assert not told().exists()


def test_a_leg_of_another_alliance_is_not_named(world, leg, device, booking):
    Booking.objects.filter(pk=booking.pk).update(alliance=AllianceFactory(name="外县医共体"))
    bookings_changed.send(
        sender=Booking, booking_ids=[booking.pk], act="lapse", referral_numbers=[leg.number]
    )
    assert not told().exists()


def test_a_lapsed_request_is_lost_a_confirmed_one_is_not(world, leg, booking):
    def lapse():
        bookings_changed.send(
            sender=Booking, booking_ids=[booking.pk], act="lapse", referral_numbers=[leg.number]
        )

    lapse()
    assert not told().exists()
    Booking.objects.filter(pk=booking.pk).update(status="lapsed")
    lapse()
    assert told().count() == 3
