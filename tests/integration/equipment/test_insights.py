"""How devices are used, as those see it who keep or oversee them."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from equipment.devices.models import Device, SharedTime
from equipment.insights import policies, presenters, selectors
from equipment.insights.scope import Scope
from equipment.purchases.evidence import gathered, worded
from equipment.service.models import MaintenancePlan, ServiceRecord, WorkOrder
from tests.factories.bookings import bare
from tests.factories.bookings_waiting import charge, offer, waiting
from tests.factories.configuration import asked
from tests.factories.devices import DeviceFactory, DeviceTypeFactory
from tests.factories.insights import ago, refusal, used
from tests.factories.privileges import bare as bare_privilege
from tests.factories.service import OutageFactory, PlanFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def device(world):
    """The county shares a laparoscope; its hours of sharing are seven to ten."""
    return DeviceFactory(owner=world.county, price=Decimal(36500), location="手术室")


def of(world, user=None, days=30, **more):
    """What the county's administrator (or somebody else) asks about."""
    at = timezone.now()
    place = policies.places(user or world.manager, on=timezone.localdate(at))[0]
    return replace(Scope(place, days, at), **more)


def test_hours_of_use_stand_at_their_hour_and_weekday(world, device):
    """Half an hour before ten, the whole of ten; what began before the period counts from then."""
    used(world, device, 6, used_from=ago(6, 9) + timedelta(minutes=30), used_until=ago(6, 11))
    bare(world, device=device, starts_at=ago(8), status="no_show")
    used(world, DeviceFactory(owner=world.county, is_shared=False), 4)
    used(world, DeviceFactory(owner=world.township), 5, hour=11)
    rows = {row.hour: row for row in selectors.heat_map(of(world, days=14))}
    weekday = ago(6).weekday()
    cells = {
        (day, hour): cell.used
        for hour, row in rows.items()
        for day, cell in enumerate(row.cells)
        if cell.used
    }
    assert cells == {(weekday, 9): 0.5, (weekday, 10): 1.0}
    assert rows[10].cells[weekday].of == 2
    assert (min(rows), max(rows)) == (7, 21)


def test_use_past_midnight_is_parted_and_of_an_open_one_what_has_passed(world, device):
    used(world, device, 3, hour=23, hours=2)
    at = timezone.now()
    bare(
        world,
        device=device,
        starts_at=at - timedelta(minutes=30),
        status="in_use",
        used_from=at - timedelta(minutes=30),
    )
    scope = of(world, days=14)
    rows = {row.hour: row for row in selectors.heat_map(scope)}
    assert rows[23].cells[ago(3).weekday()].used == 1.0
    assert rows[0].cells[ago(2).weekday()].used >= 1.0
    total = sum(cell.used for row in rows.values() for cell in row.cells)
    assert total == pytest.approx(2.5, abs=0.02)
    (row,) = selectors.uses(scope)
    assert (row.uses, round(row.used, 1)) == (2, 2.5)


def test_use_is_held_against_the_time_that_could_be_booked(world, device):
    """Nine whole days, of which two were lost."""
    used(world, device, 4, hours=3)
    bare(world, device=device, starts_at=ago(6), status="cancelled")
    OutageFactory(device=device, starts_at=ago(9, 0), ends_at=ago(7, 0))
    DeviceFactory(owner=world.county, retired_on=ago(8).date(), retirement="worn")
    DeviceFactory(owner=world.county, retired_on=ago(80).date(), retirement="worn")
    retired, row = selectors.uses(of(world, days=10, at=ago(0, 0)))
    assert (row.uses, row.booked, row.used) == (1, 2.0, 3.0)
    assert row.bookable == pytest.approx(7 * 15)
    assert row.share == pytest.approx(3 / 105)
    assert retired.bookable == pytest.approx(15)


def half(days, hour):
    return ago(days, hour) + timedelta(minutes=30)


@pytest.mark.parametrize(
    ("downs", "lost"),
    [
        ([(ago(3, 23), ago(2, 6))], 0),
        ([(ago(3, 22), ago(2, 7))], 0),
        ([(half(3, 21), half(2, 7))], 1),
        ([(ago(3, 9), ago(3, 12)), (half(3, 10), ago(3, 13)), (ago(3, 13), ago(3, 14))], 5),
        ([(ago(3, 9), ago(3, 9))], 0),
        ([(half(1, 20), None)], 1.5),
        ([(ago(99), half(4, 7))], 0.5),
    ],
    ids=["at night", "to the edges", "half hours of two days", "one on another", "of no length",
         "still open", "began before"],
)  # fmt: skip
def test_only_hours_in_which_it_could_have_been_booked_are_lost(world, device, downs, lost):
    """Of four days, from seven to twenty-two."""
    for starts_at, ends_at in downs:
        OutageFactory(device=device, starts_at=starts_at, ends_at=ends_at)
    (row,) = selectors.uses(of(world, days=5, at=ago(0, 0)))
    assert row.bookable == pytest.approx(4 * 15 - lost)


def test_checks_that_are_or_were_late_take_their_days(world, device):
    late = PlanFactory(device=device, due_on=ago(4).date())
    MaintenancePlan.objects.filter(pk=late.pk).update(due_on=ago(1).date() + timedelta(days=90))
    ServiceRecord.objects.create(
        device=device, plan=late, kind="routine", done_on=ago(2).date(), due_on=ago(4).date(),
        recorded_by=world.manager,
    )  # fmt: skip
    other = DeviceFactory(owner=world.county)
    PlanFactory(device=other, due_on=ago(3).date())
    found = {row.device: row.bookable for row in selectors.uses(of(world, days=5, at=ago(0, 0)))}
    assert found == {device: pytest.approx(3 * 15), other: pytest.approx(2 * 15)}


def test_what_was_shared_then_counts_and_not_what_is_today(world, device):
    """Shared for two of four days: they count, and the use in them; the rest does not."""
    used(world, device, 3, hours=3)
    used(world, device, 1)
    Device.objects.filter(pk=device.pk).update(is_shared=False)
    SharedTime.objects.filter(device=device).update(since=ago(4, 0), until=ago(2, 0))
    scope = of(world, days=5, at=ago(0, 0))
    (row,) = selectors.uses(scope)
    assert (row.uses, row.used, row.booked, row.bookable) == (1, 3.0, 2.0, pytest.approx(30))
    heat = {hour.hour: hour for hour in selectors.heat_map(scope)}
    assert [cell.of for cell in heat[10].cells].count(1.0) == 2
    assert sum(cell.used for hour in heat.values() for cell in hour.cells) == 3.0
    later = DeviceFactory(owner=world.county, is_shared=False)
    Device.objects.filter(pk=later.pk).update(is_shared=True)
    assert [one.device for one in selectors.uses(scope)] == [device]


def test_sharing_before_it_was_on_record_is_said(world, device):
    """Put onto the register long after its first day of use, or kept there from that day on."""
    scope = of(world)
    times = SharedTime.objects.filter(device=device)
    noted = times.get().noted_at
    assert selectors.unrecorded(scope) == (1, noted)
    assert "Of 1 of these devices the platform knows only from" in presenters.unrecorded(scope)
    times.update(noted_at=ago(31))
    assert presenters.unrecorded(scope) == ""
    times.update(noted_at=noted)
    Device.objects.filter(pk=device.pk).update(in_use_from=timezone.localdate(noted))
    assert selectors.unrecorded(scope) == (0, None)


def test_of_an_alliance_all_members_devices_count_and_no_others(world, device):
    used(world, device, 4)
    other = DeviceFactory(owner=world.township, type=DeviceTypeFactory(code="09"))
    DeviceFactory(owner=world.outside)
    scope = of(world, world.office)
    assert {row.device for row in selectors.uses(scope)} == {device, other}
    narrow = replace(scope, type_id=other.type_id, type_code="09")
    assert [row.device for row in selectors.uses(narrow)] == [other]
    assert selectors.flows(narrow) == []
    heat = selectors.heat_map(scope)
    assert heat[10 - heat[0].hour].cells[ago(4).weekday()].used == 1.0


def test_idle_devices_longest_idle_first(world, device):
    """Since the latest of registration, sharing, repair, a late check, the first day, the last use."""
    never, new, mended, checked, first, shared = [
        DeviceFactory(owner=world.county) for _number in range(6)
    ]
    SharedTime.objects.update(noted_at=ago(200, 0))
    SharedTime.objects.filter(device=new).update(noted_at=ago(9))
    SharedTime.objects.filter(device=shared).update(since=ago(110, 0))
    OutageFactory(device=mended, starts_at=ago(150), ends_at=ago(90))
    plan = PlanFactory(device=checked, due_on=ago(-90).date())
    for due, done in [(300, 80), (140, 120)]:
        ServiceRecord.objects.create(
            device=checked, plan=plan, kind="routine", done_on=ago(done).date(),
            due_on=ago(due).date(), recorded_by=world.manager,
        )  # fmt: skip
    Device.objects.filter(pk=first.pk).update(in_use_from=ago(100).date())
    used(world, device, 70)
    used(world, DeviceFactory(owner=world.county), 9)
    scope = of(world)
    weeks = selectors.idle_weeks(scope)
    found = selectors.idle_devices(scope, weeks=weeks)
    assert [(row.device, row.since, row.last) for row in found] == [
        (never, ago(200, 0), None),
        (shared, ago(110, 0), None),
        (first, ago(100, 0), None),
        (mended, ago(90), None),
        (checked, ago(80, 0), None),
        (device, ago(70, 11), ago(70)),
    ]


def test_who_lends_to_whom_and_for_how_much(world, device):
    charge(used(world, device, 3, hours=2), amount=120)
    used(world, device, 5)
    used(world, device, 7, institution=world.county)
    lent = DeviceFactory(owner=world.tertiary)
    used(world, lent, 9, institution=world.county)
    rows = selectors.flows(of(world))
    assert [(row.owner, row.user, row.uses, row.amount) for row in rows] == [
        (world.county, world.township, 2, 120),
        (world.tertiary, world.county, 1, 0),
    ]
    assert rows[0].hours == 3.0
    assert selectors.flows(of(world, world.office)) == rows


def test_what_one_use_costs(world, device):
    type(device).objects.filter(pk=device.pk).update(
        in_use_from=ago(100).date(), life_ends_on=ago(-265).date()
    )
    ServiceRecord.objects.create(
        device=device, kind="routine", done_on=ago(3).date(), cost=1000, recorded_by=world.manager
    )
    for closed_at, cost in [(ago(2), 500), (ago(30), 70), (None, 9)]:
        WorkOrder.objects.create(
            number=f"W{cost}", device=device, institution=world.county, work_done="换件",
            status="returned" if closed_at else "tested", closed_at=closed_at, cost=cost,
            reported_by=world.manager,
        )  # fmt: skip
    unused = DeviceFactory(owner=world.county, price=1)
    used(world, device, 3)
    used(world, device, 5)
    DeviceFactory(owner=world.county, price=1, is_shared=False)
    own = DeviceFactory(owner=world.county, price=1, is_shared=False)
    used(world, own, 4)
    row, cheap, last = selectors.costs(of(world, days=10))
    assert (last.device, last.per_use) == (unused, None)
    assert (cheap.device, cheap.was_shared, row.was_shared) == (own, False, True)
    assert (row.wear, row.checks, row.repairs, row.together) == (1000, 1000, 500, 2500)
    assert (row.uses, row.per_use) == (2, 1250)
    sections = presenters.REPORTS["costs"][1](of(world, days=10))
    assert [len(one.rows) for one in sections] == [1, 1, 1]
    assert sections[0].rows[0][-1] == "(1,000.00 + 1,000.00 + 500.00) ÷ 2"


def test_how_long_people_wait(world, device):
    entry = waiting(world, device=device)
    given = offer(entry)
    moment = entry.created_at + timedelta(hours=5)
    type(given).objects.filter(pk=given.pk).update(created_at=moment)
    waiting(world, device=device)
    bare(world, device=device)
    (row,) = selectors.waits(of(world, world.township_manager))
    assert (row.bookings, row.entries, row.offered) == (1, 2, 1)
    assert row.until_offer == timedelta(hours=5)
    assert timedelta(days=1) < row.lead < timedelta(days=3)
    assert selectors.waits(of(world)) == []
    narrow = of(world, world.office, type_id=device.type_id)
    assert selectors.waits(narrow) == [row]


def test_where_one_more_device_would_help_and_the_numbers_behind(world, device):
    """Several refusals for one day are one; who got a device that day after all had help."""
    refusal(world, device)
    refusal(world, device)
    refusal(world, device, ahead=3, codes=("out", "quota"))
    refusal(world, device, codes=("not_privileged",))
    helped = refusal(world, device, ahead=9)
    bare(world, device=device, starts_at=helped.starts_at + timedelta(hours=4))
    row = waiting(world, device=device, state="over", ended_at=timezone.now())
    type(row).objects.filter(pk=row.pk).update(created_at=row.ended_at - timedelta(days=2.5))
    waiting(world, device=device, state="booked", ended_at=timezone.now())
    asked(world, ("township", device.type, 1, 8))
    scope = of(world, world.office)
    first, second = selectors.best_places(scope)
    assert (first.institution, first.type) == (world.township, device.type)
    want = first.want
    assert (want.refused, want.waiting, want.waited, want.missing, want.load) == (
        2,
        1,
        2.5,
        1,
        None,
    )
    assert (want.away, want.beds) == (2, world.township.beds)
    assert first.points == 10 + 5 + 2.5 + 10 + 4 + round(world.township.beds / 100, 1)
    assert second.institution == world.township2
    assert selectors.wanting(scope).count() == 3
    assert dict(selectors.reasons(scope)) == {
        "taken": 3, "out": 1, "quota": 1, "not_privileged": 1,
    }  # fmt: skip
    assert dict(selectors.reasons(of(world))) == dict(selectors.reasons(scope))
    assert selectors.best_places(of(world)) == []
    assert selectors.best_places(of(world, world.outsider)) == []


def test_busy_devices_and_who_could_use_one_more_are_told(world, device):
    """Of four days of fifteen hours one is used, then all; what only helps a technique is no need."""
    device.type.needed_by.create(technique=world.debridement)
    device.type.needed_by.create(technique=world.appendectomy, need="helpful")
    for technique in (world.debridement, world.appendectomy):
        bare_privilege(
            world, institution=world.township, practitioner=world.practitioner, technique=technique
        )
    asked(world, ("township", device.type, 1, 8))
    used(world, device, 3, hours=14, hour=7)
    scope = of(world, world.office, days=5, at=ago(0, 0))
    found = {one.institution: one.want for one in selectors.best_places(scope)}
    assert set(found) == {world.township, world.township2}
    here = found[world.township]
    assert (here.borrowed, here.techniques, here.doctors) == (1, 1, 1)
    assert (found[world.township2].techniques, found[world.township2].borrowed) == (0, 0)
    for day in (1, 2, 4):
        used(world, device, day, hours=14, hour=7)
    found = {one.institution: one.want for one in selectors.best_places(scope)}
    county = found[world.county]
    assert (county.load, county.away, county.missing) == (93, 0, 0)
    (own,) = selectors.best_places(of(world, world.township_manager, days=5, at=ago(0, 0)))
    assert own.want == found[world.township]


def test_a_house_without_an_alliance_is_told_what_it_was_refused(world, device):
    row = refusal(world, device)
    scope = of(world, world.office)
    alone = replace(scope.place, alliance_id=None, institution_id=row.institution_id)
    (found,) = selectors.best_places(replace(scope, place=alone))
    assert (found.want.refused, found.want.away, found.want.doctors) == (1, 7, 0)


def test_no_wish_for_a_time_when_another_was_free_or_nothing_can_be_booked(world, device):
    """What stood in the way of the other one makes the wish count again."""
    refusal(world, device, codes=("taken", "too_far"))
    row = refusal(world, device)
    scope = of(world, world.office)
    assert list(selectors.wanting(scope)) == [row]
    other = DeviceFactory(owner=world.township2)
    assert not selectors.wanting(scope)
    down = OutageFactory(device=other, starts_at=row.starts_at, ends_at=row.ends_at)
    assert list(selectors.wanting(scope)) == [row]
    down.delete()
    used(world, other, 1, institution=world.township2)
    assert list(selectors.wanting(scope)) == [row]


def test_an_application_for_a_device_carries_what_was_wanted(world, device):
    def told(house):
        found = gathered(institution_id=house.pk, type_id=device.type_id, on=ago(0).date())
        return [one["numbers"] for one in found if one["code"] == "demand"]

    assert told(world.township) == []
    refusal(world, device, ahead=9)
    waiting(world, device=device)
    type(device).objects.filter(pk=device.pk).update(
        in_use_from=ago(1).date(), retired_on=ago(0).date(), retirement="worn"
    )
    used(world, device, 1, hours=3)
    assert told(world.township) == [{"refused": 1, "waiting": 1, "percent": 20}]
    assert told(world.county) == told(world.outside) == []
    worded_ = worded([{"code": "demand", "numbers": told(world.township)[0]}])
    assert "used 20% of the time" in worded_[0]["text"]
