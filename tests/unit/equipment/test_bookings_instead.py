"""What is offered instead of a refused booking: it is granted when it is asked for next."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from equipment.bookings import actions
from equipment.bookings.errors import BookingRefused
from equipment.bookings.models import Booking
from equipment.devices.models import Stocktake
from equipment.service.models import Outage
from tests.factories import bookings as make
from tests.factories.alliance import PractitionerFactory
from tests.factories.bookings import HOUR, another, bare, booked, lent, refused, setting, soon
from tests.factories.bookings_waiting import offer, waiting
from tests.factories.devices import DeviceFactory, DeviceTypeFactory, needed

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def practising(world):
    """The township's doctor may operate."""
    return make.may_operate(world)


def asked_again(world, caught, **values):
    """Each time that was offered is granted."""
    for one in caught.value.instead.times:
        row = booked(world, **values | {"starts_at": one.starts_at, "ends_at": one.ends_at})
        assert row.starts_at == one.starts_at


def test_times_are_those_that_policy_allows(world):
    """A county hospital is not offered the hours of townships, nor what lies too far ahead."""
    start = soon(8, 7)
    setting(world, "reserved_weekday", str(start.weekday()))
    setting(world, "instead_times", 2)
    house = {
        "institution": world.county2, "by": world.county2_liaison, "technique": None,
        "operator": PractitionerFactory(institution=world.county2), "device": lent(world),
    }  # fmt: skip
    with refused("reserved") as caught:
        booked(world, **house, starts_at=start, hours=4)
    assert [one.starts_at for one in caught.value.instead.times] == [
        start + 5 * HOUR, start + timedelta(days=1),
    ]  # fmt: skip
    asked_again(world, caught, **house)
    setting(world, "horizon_days", 8)
    with refused("too_far", "reserved") as caught:
        booked(world, **house, starts_at=start + 2 * HOUR, hours=1, at=start - timedelta(days=9))
    assert caught.value.instead.times == []


def test_how_far_is_looked_and_how_many_are_told_is_policy(world):
    device, start = lent(world), soon(2, 10)
    twins = [lent(world) for _ in range(3)]
    bare(world, device=device, starts_at=start)
    setting(world, "instead_times", 1)
    setting(world, "instead_days", 1)
    setting(world, "instead_devices", 1)
    values = {"device": device, "starts_at": start}
    with refused("taken") as caught:
        booked(world, **values, operator=another(world))
    assert len(caught.value.instead.times) == 1
    assert caught.value.instead.devices == twins[:1]
    Outage.objects.create(device=device, reason="fault", starts_at=start)
    setting(world, "instead_among", 1)
    bare(world, device=twins[0], starts_at=start, operator=another(world))
    with refused("taken") as caught:
        booked(world, **values, operator=another(world))
    assert (caught.value.instead.times, caught.value.instead.devices) == ([], [])


def test_of_a_used_up_quota_the_next_week_is_offered(world):
    setting(world, "quota_township", 1)
    local = timezone.localtime(soon(7))
    monday = local - timedelta(days=local.weekday())
    bare(world, starts_at=monday)
    with refused("quota") as caught:
        booked(world, starts_at=monday + timedelta(days=1))
    first = caught.value.instead.times[0].starts_at
    assert timezone.localtime(first).date() == (monday + timedelta(days=7)).date()
    assert booked(world, starts_at=first)


def test_ones_own_devices_may_be_had_at_any_hour(world):
    device, night = DeviceFactory(owner=world.township), soon(2, 23)
    bare(world, device=device, starts_at=night)
    with refused("taken") as caught:
        booked(world, device=device, starts_at=night, operator=another(world))
    offered = caught.value.instead.times[0].starts_at
    assert offered == night + 2 * HOUR + timedelta(minutes=45)
    assert booked(world, device=device, starts_at=offered, operator=another(world))


def test_the_family_stands_in_as_far_as_it_is_meant_for_it(world):
    """One's own type first, then others of its family that serve the technique; none that do not."""
    kinds = {
        name: DeviceTypeFactory(code=name, name=name, family="scope")
        for name in ("asked", "fits", "any", "unfit", "old")
    }
    for name in ("asked", "fits"):
        needed(kinds[name], world.debridement)
    needed(kinds["unfit"], world.appendectomy)
    type(kinds["old"]).objects.filter(pk=kinds["old"].pk).update(is_active=False)
    # A type of no family.
    lent(world, type=DeviceTypeFactory(code="else", name="else"))
    others = {name: lent(world, type=kind) for name, kind in kinds.items()}
    device, start = lent(world, type=kinds["asked"]), soon()
    bare(world, device=device, starts_at=start)
    with refused("taken") as caught:
        booked(world, device=device, starts_at=start, operator=another(world))
    found = caught.value.instead.devices
    assert found == [others["asked"], others["fits"], others["any"]]
    for one in found:
        Booking.objects.all().update(status="cancelled")
        assert booked(world, device=one, starts_at=start)


def test_what_is_used_elsewhere_is_looked_for_there(world):
    """Who operates at the lender's is offered the lender's other devices, not those of a third."""
    device, start = lent(world), soon()
    twin, _third = lent(world), DeviceFactory(owner=world.county2)
    bare(world, device=device, starts_at=start)
    person = another(world)
    person.sites.create(institution=world.county, valid_from=soon(-400).date())
    make.may_operate(world, practitioner=person, institution=world.county)
    with refused("taken") as caught:
        booked(world, device=device, starts_at=start, operator=person, place=world.county)
    assert caught.value.instead.devices == [twin]
    assert booked(world, device=twin, starts_at=start, operator=person, place=world.county)


def test_what_is_kept_or_out_or_closed_is_not_offered(world):
    device, start = lent(world), soon()
    kept, out, own = lent(world), lent(world), DeviceFactory(owner=world.township)
    bare(world, device=device, starts_at=start)
    Outage.objects.create(device=out, reason="fault", starts_at=start, ends_at=start + HOUR)
    offer(waiting(world, device=kept), starts_at=start)
    with refused("taken") as caught:
        booked(world, device=device, starts_at=start, operator=another(world))
    assert caught.value.instead.devices == [own]
    night = soon(3, 23)
    bare(world, device=device, starts_at=night, operator=another(world))
    with refused("taken") as caught:
        booked(world, device=device, starts_at=night)
    # Others' devices are not shared at night.
    assert caught.value.instead.devices == [own]
    own.delete()
    with refused("taken") as caught:
        booked(world, device=device, starts_at=night)
    assert caught.value.instead.devices == []


def statements(world, **values):
    with CaptureQueriesContext(connection) as captured:
        try:
            booked(world, **values)
        except BookingRefused as lost:
            assert lost.instead.times
            assert lost.instead.devices
    return [one["sql"] for one in captured if "SAVEPOINT" not in one["sql"]]


def test_losing_costs_as_little_for_many_devices_as_for_one(world):
    """Refused with offers: ten statements, and nothing is locked."""
    device, start = lent(world), soon()
    lent(world)
    bare(world, device=device, starts_at=start)
    values = {"device": device, "starts_at": start, "technique": None, "operator": another(world)}
    # What the account may do is read once.
    assert world.doctor.access
    few = statements(world, **values)
    for _ in range(10):
        lent(world)
    many = statements(world, **values)
    assert len(many) == len(few) == 10
    assert not any("FOR NO KEY UPDATE" in one for one in many)
    granted = statements(world, **values | {"starts_at": start + timedelta(days=1)})
    assert len(granted) == 23
    assert sum("FOR NO KEY UPDATE" in one for one in granted) == 3
    setting(world, "quota_township", 0)
    free = statements(world, **values | {"starts_at": start + timedelta(days=2)})
    # Where nothing is counted, nobody waits for the other clerks of the house.
    assert sum("FOR NO KEY UPDATE" in one for one in free) == 2


def test_a_series_looks_for_nothing_else_unless_all_is_refused(world):
    device, start = lent(world), soon()
    bare(world, device=device, starts_at=start)
    values = {
        "devices": [device], "institution": world.township, "operator": another(world),
        "technique": None, "starts_at": start, "ends_at": start + HOUR, "by": world.doctor,
        "at": timezone.now(), "every": "7", "count": 2,
    }  # fmt: skip
    outcome = actions.book_series(**values)
    assert [len(outcome.booked), len(outcome.refused)] == [1, 1]
    with refused("taken") as caught:
        actions.book_series(**values | {"operator": another(world)})
    assert caught.value.instead.times


def test_no_poor_and_no_missing_device_stands_in(world):
    device, start = lent(world), soon(2, 10)
    worn, poor, gone, good = (
        lent(world, type=device.type, condition=one) for one in ("limited", "poor", "good", "good")
    )
    now, by = timezone.now(), world.manager
    counted = Stocktake.objects.create(
        institution=world.county, name="2026", begun_on=now.date(), begun_by=by,
        closed_at=now, closed_by=by,
    )  # fmt: skip
    counted.lines.create(device=gone)
    bare(world, device=device, starts_at=start, operator=PractitionerFactory())
    with refused("taken") as caught:
        booked(world, device=device, starts_at=start)
    assert caught.value.instead.devices == [good, worn]
    assert poor not in caught.value.instead.devices
