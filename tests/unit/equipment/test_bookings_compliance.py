"""The checks on the use of shared devices: what hits, what clears, and near misses."""

from dataclasses import replace
from datetime import datetime, time, timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from alliance.core import compliance
from alliance.people.models import User
from equipment.bookings.models import Booking, BookingEvent
from equipment.devices.models import Device, SharedTime
from equipment.service.models import ServiceRecord
from tests.factories import logbook as cases
from tests.factories.alliance import PractitionerFactory
from tests.factories.bookings import HOUR, bare
from tests.factories.devices import DeviceFactory, DeviceTypeFactory, needed
from tests.factories.service import OutageFactory, PlanFactory
from training.logbook.models import Case

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
    values = {"status": "completed", "used_from": at, "used_until": at + HOUR}
    return bare(world, device=device, starts_at=at, **values | more)


@pytest.fixture
def device(world):
    return DeviceFactory(owner=world.county)


def registered(days=100):
    """All devices came onto the register so long ago."""
    SharedTime.objects.update(noted_at=ago(days))


def test_a_shared_device_that_nobody_used_for_weeks_is_idle(world, device):
    registered()
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
    registered()
    assert found(world, "shared_idle") == []


def checked(device, done_on):
    """A check due in spring was done late, so that its device was stopped until then."""
    plan = PlanFactory(device=device, due_on=TODAY + 90 * DAY)
    ServiceRecord.objects.create(
        device=device, plan=plan, kind="routine", done_on=done_on, due_on=TODAY - 200 * DAY,
        recorded_by=User.objects.first(),
    )  # fmt: skip


@pytest.mark.parametrize(
    "begins",
    [
        lambda device, at: registered((TODAY - at).days),
        lambda device, at: SharedTime.objects.update(since=midnight(at)),
        lambda device, at: OutageFactory(device=device, starts_at=ago(200), ends_at=midnight(at)),
        checked,
        lambda device, at: Device.objects.update(in_use_from=at),
    ],
    ids=["registered", "shared", "back from repair", "back from a late check", "in use"],
)
def test_idle_time_begins_at_the_latest_of_what_made_it_usable_here(world, device, begins):
    """Of eight weeks: a day less, and it is not idle yet."""
    registered()
    late, early = TODAY - 54 * DAY, TODAY - 57 * DAY
    with transaction.atomic():
        begins(device, late)
        assert found(world, "shared_idle") == []
        transaction.set_rollback(True)
    begins(device, early)
    assert len(found(world, "shared_idle")) == 1


def midnight(day):
    return timezone.make_aware(datetime.combine(day, time.min))


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
def scope(world, device):
    """The technique needs a type of which the county shares one; the township did a case yesterday."""
    needed(device.type, world.debridement)
    cases.case(
        world,
        technique=world.debridement,
        institution=world.township,
        operator=world.practitioner,
        performed_on=TODAY - DAY,
        status="confirmed",
        confirmed_at=ago(0, hour=0),
        confirmed_by=world.county_doctor,
    )
    return device.type


def stranger(world):
    """Somebody who had no part in the case."""
    return PractitionerFactory(institution=world.township)


def unbooked(world, **numbers):
    return [row["facet"] for row in found(world, "used_unbooked", **numbers)]


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
    assert unbooked(world) == [scope.code]
    used(world, device, 1, hour=14)
    assert unbooked(world) == []


@pytest.mark.parametrize(
    ("change", "hits"),
    [
        (lambda w: {"operator": stranger(w)}, 1),
        (lambda w: {"operator": stranger(w), "mentor": w.practitioner}, 0),
        (lambda w: {"operator": w.county_doctor.practitioner}, 0),
        (lambda w: {"technique": w.appendectomy}, 1),
        (lambda w: {"technique": None}, 0),
        (lambda w: {"institution": w.county, "place": w.county}, 1),
        (lambda w: {"institution": w.county}, 0),
        (lambda w: {"status": "no_show", "used_from": None, "used_until": None}, 1),
        (lambda w: {"operator": stranger(w), "case": Case.objects.get()}, 0),
    ],
    ids=["another's", "as mentor", "the supervisor's", "for something else", "for nothing named", "elsewhere",
         "at the house", "missed", "linked"],
)  # fmt: skip
def test_only_a_use_for_the_case_covers_it(world, scope, device, change, hits):
    used(world, device, 1, **change(world))
    assert len(unbooked(world)) == hits


def test_what_nobody_shared_that_day_could_not_be_booked(world, scope):
    for times in ({"since": ago(0, hour=0)}, {"until": ago(1, hour=0)}):
        SharedTime.objects.update(**{"since": None, "until": None, **times})
        assert unbooked(world) == []
    SharedTime.objects.update(since=ago(1, hour=23), until=None)
    assert unbooked(world) == [scope.code]
    Device.objects.update(owner=world.outside)
    assert unbooked(world) == []


def test_a_device_of_its_own_need_not_be_booked(world, scope):
    own = DeviceFactory(owner=world.township, is_shared=False)
    assert unbooked(world) == []
    Device.objects.filter(pk=own.pk).update(in_use_from=TODAY)
    assert unbooked(world) == [scope.code]


@pytest.mark.parametrize(
    ("lay", "hits"),
    [
        (lambda own: OutageFactory(device=own, starts_at=ago(1, 0), ends_at=ago(0, 0)), 1),
        (lambda own: OutageFactory(device=own, starts_at=ago(9), ends_at=None), 1),
        (lambda own: OutageFactory(device=own, starts_at=ago(1, 0), ends_at=ago(1, 23)), 0),
        (lambda own: OutageFactory(device=own, starts_at=ago(1, 1), ends_at=None), 0),
        (lambda own: PlanFactory(device=own, due_on=TODAY - 2 * DAY), 1),
        (lambda own: PlanFactory(device=own, due_on=TODAY - DAY), 0),
        (lambda own: PlanFactory(device=own, due_on=TODAY - 2 * DAY, stops_use=False), 0),
    ],
    ids=["all day", "open", "until late", "from one o'clock", "overdue", "due", "may be used"],
)
def test_its_own_device_counts_where_it_was_in_service(world, scope, lay, hits):
    lay(DeviceFactory(owner=world.township, is_shared=False))
    assert len(unbooked(world)) == hits


def test_a_check_that_came_late_had_stopped_its_own_device(world, scope):
    own = DeviceFactory(owner=world.township, is_shared=False)
    ServiceRecord.objects.create(
        device=own, plan=PlanFactory(device=own), kind="statutory", due_on=TODAY - 2 * DAY,
        done_on=TODAY, recorded_by=world.manager,
    )  # fmt: skip
    assert unbooked(world) == [scope.code]
    ServiceRecord.objects.update(done_on=TODAY - DAY)
    assert unbooked(world) == []


def test_helpful_devices_and_old_cases_are_no_matter(world, scope):
    assert unbooked(world, days=1) == []
    scope.needed_by.update(need="helpful")
    assert unbooked(world) == []


def test_of_a_family_one_device_serves_and_one_finding_is_enough(world, scope):
    """A technique that three kinds of laparoscope would serve is not short of two of them."""
    type(scope).objects.filter(pk=scope.pk).update(family="scope")
    other = DeviceTypeFactory(code="06-14-02", name="三维腹腔镜", family="scope")
    knife = DeviceTypeFactory(code="01-01", name="电刀")
    needed(other, world.debridement)
    needed(knife, world.debridement)
    DeviceFactory(owner=world.county, type=knife)
    assert sorted(unbooked(world)) == ["01-01", scope.code]
    own = DeviceFactory(owner=world.township, type=other, is_shared=False)
    assert unbooked(world) == ["01-01"]
    Device.objects.filter(pk=own.pk).update(in_use_from=TODAY)
    used(world, DeviceFactory(owner=world.county, type=other), 1)
    assert unbooked(world) == ["01-01"]


@pytest.mark.parametrize(
    ("more", "hits"),
    [
        ({"used_until": ago(3, 12) + timedelta(minutes=30)}, 0),
        ({"used_until": ago(3, 12) + timedelta(minutes=31)}, 1),
        ({"used_from": ago(3, 9) + timedelta(minutes=30)}, 0),
        ({"used_from": ago(3, 9) + timedelta(minutes=29)}, 1),
        ({"used_from": ago(3, 9), "status": "in_use", "used_until": None}, 0),
    ],
    ids=["half an hour over", "longer", "half an hour before", "earlier", "not over yet"],
)
def test_use_that_reaches_beyond_the_booking(world, device, more, hits):
    row = used(world, device, 3, **more)
    rows = found(world, "used_beyond")
    assert [one["subject"] for one in rows] == [str(row.public_id)] * hits
    assert len(found(world, "used_beyond", minutes=120)) == 0
    SharedTime.objects.all().delete()
    assert found(world, "used_beyond") == []


def test_a_case_of_another_day_was_not_done_in_the_booked_time(world, scope, device):
    row = used(world, device, 1, case=Case.objects.get())
    assert found(world, "used_beyond") == []
    for day in (TODAY, TODAY - 2 * DAY):
        Case.objects.update(performed_on=day)
        (hit,) = found(world, "used_beyond")
        assert (hit["subject"], hit["house_id"]) == (str(row.public_id), world.township.pk)
    assert found(world, "used_beyond", days=1) == []
