"""Hundreds of clerks and few hours: each hour is promised once, and nobody waits for ever."""

import multiprocessing
import random
from collections import Counter
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from alliance.core import outbox
from alliance.core.models import PolicySetting
from alliance.people.models import Practitioner, User
from equipment.bookings import actions
from equipment.bookings.actions.booking import grant
from equipment.bookings.errors import BookingRefused
from equipment.bookings.models import BookedDevice, BookedPerson, Booking, BookingRefusal
from equipment.devices.models import Device
from tests import worlds
from tests.factories import bookings as build
from tests.factories.alliance import LONG_AGO, PractitionerFactory

from .together import at_once, refused

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
PROCESSES, ATTEMPTS = 16, 10_000
# Ten hours of each of four devices; a use and its cleaning fill one of them.
DEVICES, HOURS = 4, 10
OVERLAPS = """
SELECT count(*) FROM {table} a JOIN {table} b ON a.{who} = b.{who} AND a.id < b.id
WHERE a.is_live AND b.is_live
    AND tstzrange(a.{since}, a.{until}) && tstzrange(b.{since}, b.{until})
"""


@pytest.fixture
def world(transactional_db, monkeypatch):
    """Stored for good; nobody is nudged."""
    monkeypatch.setattr(outbox, "nudge", lambda: None)
    return worlds.alliance()


def overlapping(model, who, since, until):
    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(OVERLAPS.format(table=table, who=who, since=since, until=until))
        return cursor.fetchone()[0]


def nothing_overlaps():
    return not overlapping(BookedDevice, "device_id", "block_from", "block_until") and (
        not overlapping(BookedPerson, "practitioner_id", "starts_at", "ends_at")
    )


def operators(world, count):
    return [PractitionerFactory(institution=world.township) for _ in range(count)]


def test_who_books_the_same_hour_loses_to_one_and_is_offered_the_next(world):
    """Through every rule: one winner, and each loser with a time that is really free."""
    device, starts_at = build.lent(world), build.soon()

    def clerk(person):
        return lambda: build.booked(
            world, device=device, operator=person, technique=None, starts_at=starts_at
        )

    answers = at_once(*[clerk(person) for person in operators(world, 8)])
    losers = refused(answers)
    assert len(losers) == 7
    assert all(isinstance(one, BookingRefused) and one.codes == ["taken"] for one in losers)
    free = starts_at + timedelta(hours=2, minutes=45)
    assert {one.instead.times[0].starts_at for one in losers} == {free}
    assert (Booking.objects.count(), BookingRefusal.objects.count()) == (1, 7)


def test_two_who_want_the_same_two_wait_for_each_other_and_never_both(world):
    """Several devices and people, named in any order: no deadlock."""
    devices, people = [build.lent(world) for _ in range(3)], operators(world, 2)
    mentor = world.county_doctor.practitioner

    def clerk(number):
        return lambda: actions.book(
            devices=devices[number % 2 :][:2][:: 1 - 2 * (number % 2)], institution=world.township,
            operator=people[number % 2], mentor=mentor, technique=None, by=world.doctor,
            starts_at=build.soon(2 + number // 2), ends_at=build.soon(2 + number // 2, 12),
            at=timezone.now(),
        )  # fmt: skip

    answers = at_once(*[clerk(number) for number in range(8)])
    # The mentor is in one place at a time: one of each pair.
    assert len(refused(answers)) == 4
    assert nothing_overlaps()


def test_a_quota_counts_who_books_another_device_at_the_same_moment(world):
    """Different devices, different people, one institution: as many as it may, and no more."""
    PolicySetting.objects.create(
        key="bookings.quota_township", value=2, effective_from=LONG_AGO, source="test"
    )
    devices = [build.lent(world) for _ in range(6)]

    def clerk(device, person):
        return lambda: build.booked(world, device=device, operator=person, technique=None)

    answers = at_once(*map(clerk, devices, operators(world, 6)))
    assert [one.codes for one in refused(answers)] == [["quota"]] * 4
    assert Booking.objects.count() == 2


def _clerk(by, person, devices, hours, seed):
    """One process that tries to book one hour after the other; what came of it, by word."""
    chance, told = random.Random(seed), Counter()  # noqa: S311 - the same attempts every time
    by = User.objects.get(pk=by)
    operator = Practitioner.objects.select_related("institution").get(pk=person)
    known = {device.pk: device for device in Device.objects.select_related("type", "owner")}
    for _ in range(ATTEMPTS // PROCESSES):
        starts_at = chance.choice(hours)
        asked = actions.ask(
            devices=[known[chance.choice(devices)]], institution=operator.institution,
            operator=operator, technique=None, by=by, starts_at=starts_at,
            ends_at=starts_at + build.HOUR, at=timezone.now(),
        )  # fmt: skip
        try:
            told[grant(asked).status] += 1
        except BookingRefused as lost:
            told.update(lost.codes)
    connection.close()
    return told


def test_ten_thousand_attempts_of_sixteen_processes(world):
    """Each hour of each device is booked, once, whoever else is after it meanwhile."""
    devices = [build.lent(world, setup_minutes=0, cleaning_minutes=0).pk for _ in range(DEVICES)]
    hours = [build.soon(9, 8) + number * build.HOUR for number in range(HOURS)]
    people = [person.pk for person in operators(world, PROCESSES)]
    PolicySetting.objects.create(
        key="bookings.quota_township", value=0, effective_from=LONG_AGO, source="test"
    )
    connection.close()
    with multiprocessing.get_context("fork").Pool(PROCESSES) as pool:
        work = [
            (world.doctor.pk, person, devices, hours, seed) for seed, person in enumerate(people)
        ]
        told = sum(pool.starmap(_clerk, work, chunksize=1), Counter())
        pool.close()
        pool.join()
    # Any other word, such as a deadlock, would have ended its process and this test.
    assert set(told) <= {"confirmed", "taken", "operator_busy"}
    assert told["confirmed"] == BookedDevice.objects.count() == DEVICES * HOURS
    assert BookedDevice.objects.values("device", "block_from").distinct().count() == DEVICES * HOURS
    assert nothing_overlaps()
