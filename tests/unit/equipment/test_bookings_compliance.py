"""The checks on the use of shared devices: what hits, what clears, and near misses."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from alliance.core import compliance
from equipment.bookings.models import Booking, BookingEvent
from equipment.devices.models import SharedTime
from tests.factories import logbook as cases
from tests.factories.bookings import HOUR, bare
from tests.factories.devices import DeviceFactory, DeviceTypeFactory, needed
from tests.factories.service import OutageFactory

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
DAY = timedelta(days=1)


def found(world, code, *, on=TODAY, **numbers):
    setting = compliance.in_force(alliance_id=world.alliance.pk, on=on)[f"bookings.{code}"]
    asked = replace(setting, parameters=setting.parameters | numbers)
    question = compliance.question(asked, alliance_ids=[world.alliance.pk], on=on)
    return list(setting.check.rows(question))


def ago(days, hour=10):
    return timezone.localtime().replace(hour=hour, minute=0, second=0, microsecond=0) - days * DAY


def used(world, device, days, *, hour=10, **more):
    at = ago(days, hour)
    times = {"used_from": at, "used_until": at + HOUR}
    return bare(world, device=device, starts_at=at, status="completed", **times | more)


@pytest.fixture
def device(world):
    return DeviceFactory(owner=world.county)


def test_a_shared_device_that_nobody_used_for_weeks_is_idle(world, device):
    used(world, device, 57)
    (row,) = found(world, "shared_idle")
    assert (row["subject"], row["house_id"]) == (str(device.public_id), world.county.pk)
    assert row["evidence"] == {"name": device.name, "number": device.asset_number, "weeks": 8}
    used(world, device, 55)
    assert found(world, "shared_idle") == []
    assert len(found(world, "shared_idle", weeks=7)) == 1


@pytest.mark.parametrize(
    "change",
    [
        {"is_shared": False},
        {"in_use_from": TODAY - 55 * DAY},
        {"retired_on": TODAY, "retirement": "worn"},
    ],
    ids=["kept to itself", "new", "retired"],
)
def test_devices_that_need_not_be_used(world, change):
    DeviceFactory(owner=world.county, **change)
    DeviceFactory(owner=world.outside)
    assert found(world, "shared_idle") == []


def test_a_device_in_use_or_down_is_not_idle(world, device):
    down = DeviceFactory(owner=world.county)
    OutageFactory(device=down, starts_at=ago(100))
    bare(world, device=device, starts_at=ago(70), status="in_use", used_from=ago(70))
    assert found(world, "shared_idle") == []


def test_only_what_was_shared_all_those_weeks_is_idle(world, device):
    """The night is asked about, not today: what is shared no longer was idle then."""
    SharedTime.objects.update(since=ago(60), until=ago(2))
    assert found(world, "shared_idle") == []
    assert len(found(world, "shared_idle", on=TODAY - 3 * DAY)) == 1
    assert found(world, "shared_idle", on=TODAY - 6 * DAY) == []


def due(world, device, missed, kept):
    for day in range(missed):
        bare(world, device=device, starts_at=ago(2 + day), status="no_show")
    for day in range(kept):
        used(world, device, 30 + day)


@pytest.mark.parametrize(
    ("missed", "kept", "hits"),
    [(1, 8, 1), (1, 9, 0), (2, 8, 1), (3, 1, 0)],
    ids=["a ninth", "a tenth", "a fifth", "too few"],
)
def test_who_misses_too_many_bookings(world, device, missed, kept, hits):
    due(world, device, missed, kept)
    rows = found(world, "no_show_rate")
    assert len(rows) == hits
    for row in rows:
        share = 100 * missed // (missed + kept)
        numbers = {"missed": missed, "of": missed + kept, "percent": share}
        assert row["evidence"] == {"name": world.township.name} | numbers
        assert row["subject"] == str(world.township.public_id)


def test_only_bookings_that_came_due_count(world, device):
    due(world, device, 1, 5)
    for day in range(5):
        bare(world, device=device, starts_at=ago(-2 - day))
        bare(world, device=device, starts_at=ago(40 + day), status="cancelled")
    assert found(world, "no_show_rate")[0]["evidence"]["of"] == 6
    assert found(world, "no_show_rate", days=20) == []


def test_a_booking_that_nobody_used(world, device):
    taken = used(world, device, 3)
    lost = bare(world, device=device, starts_at=ago(2), status="no_show")
    late = bare(world, device=device, starts_at=ago(4))
    bare(world, device=device, starts_at=ago(-3))
    bare(world, device=device, starts_at=ago(20), status="no_show")
    bare(world, device=device, starts_at=ago(5), status="cancelled")
    rows = found(world, "booked_unused")
    assert {row["subject"] for row in rows} == {str(lost.public_id), str(late.public_id)}
    assert rows[0]["house_id"] == world.township.pk
    assert str(taken.public_id) not in {row["subject"] for row in rows}


def test_what_is_excused_is_right_again_from_then_on(world, device):
    lost = bare(world, device=device, starts_at=ago(5), status="no_show")
    Booking.objects.filter(pk=lost.pk).update(is_excused=True)
    BookingEvent.objects.create(
        booking=lost, act="excuse", source="no_show", target="no_show", at=ago(1), by=world.manager
    )
    assert found(world, "booked_unused") == []
    assert found(world, "booked_unused", on=TODAY - 2 * DAY) != []


@pytest.fixture
def scope(world):
    """The technique needs a type of device; the township did a case yesterday."""
    kind = DeviceTypeFactory()
    needed(kind, world.debridement)
    cases.case(
        world,
        technique=world.debridement,
        institution=world.township,
        performed_on=TODAY - DAY,
        status="confirmed",
        confirmed_at=ago(0, hour=0),
        confirmed_by=world.county_doctor,
    )
    return kind


def test_a_case_without_a_device_of_its_own_or_a_booking(world, scope, device):
    (row,) = found(world, "used_unbooked")
    assert (row["facet"], row["house_id"]) == (scope.code, world.township.pk)
    assert row["evidence"] == {
        "technique": world.debridement.name,
        "day": str(TODAY - DAY),
        "type": scope.name,
    }
    used(world, device, 2)
    used(world, DeviceFactory(owner=world.county, type=DeviceTypeFactory(code="09")), 1)
    assert len(found(world, "used_unbooked")) == 1
    used(world, device, 1, hour=14)
    assert found(world, "used_unbooked") == []


def test_a_device_of_its_own_need_not_be_booked(world, scope):
    own = DeviceFactory(owner=world.township, is_shared=False)
    assert found(world, "used_unbooked") == []
    type(own).objects.filter(pk=own.pk).update(in_use_from=TODAY)
    assert len(found(world, "used_unbooked")) == 1


def test_helpful_devices_and_old_cases_are_no_matter(world, scope):
    assert found(world, "used_unbooked", days=1) == []
    scope.needed_by.update(need="helpful")
    assert found(world, "used_unbooked") == []


def test_of_a_family_one_device_serves_and_one_finding_is_enough(world, scope):
    """A technique that three kinds of laparoscope would serve is not short of two of them."""
    type(scope).objects.filter(pk=scope.pk).update(family="scope")
    other = DeviceTypeFactory(code="06-14-02", name="三维腹腔镜", family="scope")
    needed(other, world.debridement)
    needed(DeviceTypeFactory(code="01-01", name="电刀"), world.debridement)
    rows = found(world, "used_unbooked")
    assert sorted(row["facet"] for row in rows) == ["01-01", scope.code]
    own = DeviceFactory(owner=world.township, type=other, is_shared=False)
    assert [row["facet"] for row in found(world, "used_unbooked")] == ["01-01"]
    type(own).objects.filter(pk=own.pk).update(in_use_from=TODAY)
    used(world, DeviceFactory(owner=world.county, type=other), 1)
    assert [row["facet"] for row in found(world, "used_unbooked")] == ["01-01"]
