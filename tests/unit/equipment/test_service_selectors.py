"""Whether a device can be used: register, outages and overdue checks, asked about sets."""

from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone

from alliance.core.templatetags.times import day
from equipment.devices.models import Device
from equipment.service import selectors
from equipment.service.models import MaintenancePlan, Outage, ServiceRecord
from tests.factories.devices import DeviceFactory
from tests.factories.service import OutageFactory, PlanFactory

pytestmark = pytest.mark.django_db


def at(day, hour=0):
    return datetime(2026, 3, day, hour, tzinfo=timezone.get_current_timezone())


@pytest.fixture
def device(world):
    return DeviceFactory(owner=world.county)


def usable(device, since, until):
    """The set, the sentence, the times and the moment agree."""
    found = selectors.in_service(Device.objects.all(), since=since, until=until)
    why = selectors.why_out([device.pk], since=since, until=until)
    standing = selectors.why_out([device.pk], since=since, until=until, standing=True)
    assert sorted(selectors.times_out([device.pk], since=since, until=until)) == sorted(
        (pk, out.since, out.until) for pk, outs in standing.items() for out in outs
    )
    assert found.filter(pk=device.pk).exists() is (device.pk not in why)
    return device.pk not in why


def codes(device, since, until):
    return [out.code for out in selectors.why_out([device.pk], since=since, until=until)[device.pk]]


@pytest.mark.parametrize(
    ("starts", "ends", "expected"),
    [
        ((9, 12), None, False),
        ((10, 9), (10, 10), False),
        ((9, 0), (10, 8), True),
        ((10, 12), None, True),
        ((10, 11), (10, 23), False),
        ((10, 9), (10, 9), True),
    ],
)
def test_an_outage_takes_its_half_open_time(device, starts, ends, expected):
    Outage.objects.filter(pk=OutageFactory(device=device, starts_at=at(*starts)).pk).update(
        ends_at=ends and at(*ends)
    )
    assert usable(device, at(10, 8), at(10, 12)) is expected


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({}, []),
        ({"in_use_from": date(2026, 3, 11)}, ["not_yet"]),
        ({"retired_on": date(2026, 3, 10), "retirement": "worn"}, ["retired"]),
        ({"retired_on": date(2026, 3, 12), "retirement": "worn"}, []),
    ],
)
def test_a_device_stands_on_the_register(device, values, expected):
    Device.objects.filter(pk=device.pk).update(**values)
    assert usable(device, at(10, 8), at(12)) is (not expected)
    if expected:
        assert codes(device, at(10, 8), at(12)) == expected


@pytest.mark.parametrize(
    ("due", "values", "expected"),
    [
        (9, {}, ["calibration_overdue"]),
        (10, {}, []),
        (9, {"stops_use": False}, []),
        (9, {"kind": "preventive"}, ["maintenance_overdue"]),
    ],
)
def test_an_overdue_check_stops_use_from_the_day_after(device, due, values, expected):
    PlanFactory(device=device, first_due_on=date(2026, 3, due), **values)
    assert usable(device, at(10, 8), at(11)) is (not expected)
    if expected:
        assert codes(device, at(10, 8), at(11)) == expected


def test_an_ended_plan_stops_nothing(world, device):
    plan = PlanFactory(device=device, first_due_on=date(2026, 3, 1))
    MaintenancePlan.objects.filter(pk=plan.pk).update(ended_at=at(2), ended_by=world.manager)
    assert usable(device, at(10, 8), at(10, 9))


@pytest.mark.parametrize(
    ("since", "until", "expected"),
    [
        (at(3, 8), at(4), True),
        (at(4), at(4, 1), False),
        (at(5, 23), at(6), False),
        (at(6), at(7), True),
        (at(1), at(30), False),
    ],
)
def test_a_late_check_took_the_days_between(world, device, since, until, expected):
    plan = PlanFactory(device=device)
    ServiceRecord.objects.create(
        device=device,
        plan=plan,
        kind=plan.kind,
        due_on=date(2026, 3, 3),
        done_on=date(2026, 3, 6),
        recorded_by=world.manager,
    )
    assert usable(device, since, until) is expected
    down = selectors.downtime([device.pk], since=at(1), until=at(30))
    assert down == {device.pk: timedelta(days=2)}


def test_one_of_several_devices_is_enough(world, device):
    asked = {"type_id": device.type_id, "institution_id": world.county.pk, "at": at(10)}
    other = {"type_ids": [device.type_id], "institution_ids": [world.county.pk, world.township.pk]}
    OutageFactory(device=device, starts_at=at(1), note="镜头起雾")
    assert not selectors.device_in_service(**asked)
    DeviceFactory(owner=world.county)
    assert selectors.device_in_service(**asked)
    assert selectors.pairs_in_service(**other, at=at(10)) == {(world.county.pk, device.type_id)}


def test_sentences_say_why_in_order_and_questions_stay_few(
    world, device, django_assert_num_queries
):
    for _more in range(3):
        OutageFactory(device=DeviceFactory(owner=world.county), starts_at=at(1))
    OutageFactory(device=device, starts_at=at(5), ends_at=at(6), note="镜头起雾")
    PlanFactory(device=device, first_due_on=date(2026, 3, 1))
    ids = list(Device.objects.values_list("pk", flat=True))
    with django_assert_num_queries(4):
        found = selectors.why_out(ids, since=at(1), until=at(10))
    assert [out.sentence for out in found[device.pk]] == [
        f"Statutory calibration is due by {day(date(2026, 3, 1))}.",
        "Fault: 镜头起雾",
    ]
    with django_assert_num_queries(3):
        down = selectors.downtime(ids, since=at(1), until=at(10))
    assert down[device.pk] == timedelta(days=8)
