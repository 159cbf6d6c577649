"""Checks come round; what was done moves the day they are due, and devices with it."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from alliance.core.errors import DomainError, StaleVersion
from alliance.core.exchange.plan import Plan, Row
from alliance.core.models import PolicySetting
from equipment.devices import actions as devices
from equipment.devices.models import Device
from equipment.service import actions, dues, rules, selectors
from equipment.service.actions import importing
from equipment.service.models import MaintenancePlan, Outage, ServiceRecord
from tests.factories.alliance import LONG_AGO
from tests.factories.devices import DeviceFactory, DeviceTypeFactory
from tests.factories.files import png

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
VALUES = {
    "kind": "statutory",
    "name": "压力检定",
    "months": 12,
    "first_due_on": TODAY + timedelta(days=10),
    "agency": "县计量所",
}


def days(count):
    return TODAY + timedelta(days=count)


@pytest.fixture
def device(world):
    return DeviceFactory(owner=world.county)


@pytest.fixture
def plan(world, device):
    return actions.make_plan(device=device, values=VALUES, by=world.manager)


def is_up(device):
    now = timezone.now()
    return selectors.device_in_service(
        type_id=device.type_id, institution_id=device.owner_id, at=now
    )


def done(plan, by, day=0, **more):
    return actions.record_service(plan=plan, done_on=days(day), by=by, **more)


def test_the_next_day_follows_from_what_was_done(world, plan):
    first = done(plan, world.manager, -20, valid_until=days(5), cost=Decimal(300))
    plan.refresh_from_db()
    assert (first.due_on, plan.due_on, first.agency) == (days(10), days(5), "县计量所")
    later = done(plan, world.manager, -1, result="limited", valid_until=days(365))
    plan.refresh_from_db()
    assert (later.due_on, plan.due_on) == (days(5), days(365))
    actions.void_record(record=later, reason="录错设备", by=world.manager)
    plan.refresh_from_db()
    assert plan.due_on == days(5)
    with pytest.raises(DomainError) as refusal:
        actions.void_record(record=later, reason="再次", by=world.manager)
    assert refusal.value.code == "voided_already"


def test_plans_and_records_go_with_a_device_to_its_next_owner(world, plan, device):
    done(plan, world.manager, -1, cost=Decimal(300), valid_until=days(200), file=png())
    wrong = done(plan, world.manager, -3)
    actions.void_record(record=wrong, reason="录错", by=world.manager)
    given = {"device": device, "to": world.township, "asset_number": "T10", "on": TODAY}
    there = devices.give(**given, by=world.manager)
    mine = there.plans.get()
    assert (mine.due_on, mine.first_due_on, mine.stops_use) == (days(200), days(10), True)
    record = mine.records.get()
    assert (record.done_on, record.cost, record.device) == (days(-1), None, there)
    assert record.files.get().sha256
    assert is_up(there)
    bare = DeviceFactory(owner=world.county)
    assert not devices.give(
        **given | {"device": bare, "asset_number": "T11"}, by=world.manager
    ).plans.exists()


def test_records_that_come_in_late_find_their_place(world, plan):
    latest = done(plan, world.manager, -1, valid_until=days(300))
    done(plan, world.manager, -30, valid_until=days(-10))
    latest.refresh_from_db()
    plan.refresh_from_db()
    assert (latest.due_on, plan.due_on) == (days(-10), days(300))


def test_a_failed_check_takes_the_device_out_until_one_passes(world, plan, device):
    failed = done(plan, world.manager, -1, result="failed", note="误差超限")
    plan.refresh_from_db()
    assert (is_up(device), plan.due_on, failed.due_on) == (False, days(10), None)
    done(plan, world.manager, -5, result="failed")
    assert Outage.objects.count() == 1
    done(plan, world.manager)
    assert is_up(device)
    with pytest.raises(ValidationError):
        actions.void_record(record=failed, reason=" ", by=world.manager)


def test_a_failed_check_taken_back_brings_the_device_back(world, plan, device):
    failed = done(plan, world.manager, result="failed")
    actions.void_record(record=failed, reason="录错", by=world.manager)
    assert is_up(device)


@pytest.mark.parametrize(
    ("day", "values", "field"),
    [
        (1, {}, "done_on"),
        (-9000, {}, "done_on"),
        (0, {"valid_until": days(0)}, "valid_until"),
        (0, {"valid_until": days(9), "result": "failed"}, "valid_until"),
        (0, {"cost": Decimal(-1)}, "cost"),
    ],
)
def test_a_record_is_plausible(world, plan, day, values, field):
    with pytest.raises(ValidationError) as refusal:
        done(plan, world.manager, day, **values)
    assert list(refusal.value.message_dict) == [field]
    assert not ServiceRecord.objects.exists()


def test_a_plan_changes_and_ends(world, plan, device):
    values = {"months": 6, "first_due_on": days(-1)}
    change = {"plan": plan, "values": values, "by": world.manager}
    with pytest.raises(StaleVersion):
        actions.change_plan(**change, version=9)
    plan = actions.change_plan(**change, version=1)
    assert (plan.due_on, plan.version, is_up(device)) == (days(-1), 2, False)
    with pytest.raises(ValidationError):
        actions.end_plan(plan=plan, reason="", version=2, by=world.manager)
    actions.end_plan(plan=plan, reason="设备改用", version=2, by=world.manager)
    assert is_up(device)
    with pytest.raises(DomainError) as refusal:
        done(plan, world.manager)
    assert refusal.value.code == "plan_ended"


def test_a_plan_is_never_looser_than_policy(world, device):
    values = VALUES | {"stops_use": False}
    with pytest.raises(ValidationError) as refusal:
        actions.make_plan(device=device, values=values, by=world.manager)
    assert list(refusal.value.message_dict) == ["stops_use"]
    PolicySetting.objects.create(
        alliance=world.alliance,
        key="service.stops.statutory",
        value=False,
        effective_from=LONG_AGO,
        source="试点",
    )
    plan = actions.make_plan(device=device, values=values, by=world.manager)
    assert not plan.stops_use
    lonely = DeviceFactory(owner=world.outside)
    assert actions.stops_by_policy(lonely.owner_id, "routine")


def test_only_keepers_plan(world, device, plan):
    for who in (world.county_doctor, world.township_manager):
        with pytest.raises(PermissionDenied):
            actions.make_plan(device=device, values=VALUES, by=who)
        with pytest.raises(PermissionDenied):
            done(plan, who)
    Device.objects.filter(pk=device.pk).update(retired_on=TODAY, retirement="worn")
    with pytest.raises(ValidationError):
        actions.make_plan(device=device, values=VALUES, by=world.manager)
    loose = ServiceRecord.objects.create(
        device=device, kind="routine", done_on=date(2026, 1, 1), recorded_by=world.manager
    )
    with pytest.raises(DomainError) as refusal:
        actions.void_record(record=loose, reason="无", by=world.manager)
    assert refusal.value.code == "no_plan"
    assert MaintenancePlan.objects.search("压力").visible_to(world.county_doctor).count() == 1


def test_new_devices_are_planned_what_their_type_asks_for(world):
    kind = DeviceTypeFactory(code="US", statutory_months=12, preventive_months=6)
    new = {"owner": world.county, "name": "便携超声", "by": world.manager}
    fresh = devices.register(**new, type=kind, asset_number="U1", in_use_from=TODAY)
    old = devices.register(**new, type=kind, asset_number="U2", in_use_from=LONG_AGO)
    none = DeviceTypeFactory(code="SIM")
    devices.register(**new, type=none, asset_number="U3", in_use_from=TODAY)
    assert dict(fresh.plans.values_list("kind", "due_on")) == {
        "statutory": rules.add_months(TODAY, 12),
        "preventive": rules.add_months(TODAY, 6),
    }
    assert set(old.plans.values_list("due_on", flat=True)) == {days(30)}
    assert dict(fresh.plans.values_list("kind", "stops_use")) == {
        "statutory": True,
        "preventive": False,
    }
    assert MaintenancePlan.objects.count() == 4


def test_a_used_device_is_due_from_its_last_check_and_its_plan_says_why(world):
    kind = DeviceTypeFactory(code="US", statutory_months=12)
    used = {
        "owner": world.county, "name": "便携超声", "by": world.manager, "type": kind,
        "in_use_from": LONG_AGO,
    }  # fmt: skip
    for wrong in ({"statutory_on": days(1)}, {"preventive_on": TODAY}):
        with pytest.raises(ValidationError) as refused:
            devices.register(**used, asset_number="U0", **wrong)
        assert set(refused.value.error_dict) == set(wrong)
    known = devices.register(**used, asset_number="U1", statutory_on=days(-500)).plans.get()
    assert known.due_on == rules.add_months(days(-500), 12) < TODAY
    assert not is_up(known.device)
    assert "done last then" in dues.why_due(known)
    unknown = devices.register(**used, asset_number="U2").plans.get()
    assert "within 30 days" in dues.why_due(unknown)
    assert "not verified" in dues.why_due(unknown)
    PolicySetting.objects.create(
        key="service.unknown_days", value=0, alliance=world.alliance, effective_from=LONG_AGO,
        source="医联体办公室决定", created_by=world.office,
    )  # fmt: skip
    at_once = devices.register(**used, asset_number="U3").plans.get()
    assert at_once.due_on == TODAY
    assert "due at once. Source: 医联体办公室决定." in dues.why_due(at_once)
    fresh = devices.register(**used | {"in_use_from": TODAY}, asset_number="U4").plans.get()
    assert "its first day of use" in dues.why_due(fresh)
    there = devices.give(
        device=known.device, to=world.township, asset_number="T1", on=TODAY, by=world.manager
    ).plans.get()
    assert (there.first_due_why, there.last_on) == ("last", days(-500))
    changed = {"first_due_on": days(9)}
    row = actions.change_plan(plan=fresh, values=changed, version=1, by=world.manager)
    assert (row.first_due_why, row.due_on, dues.why_due(row)) == ("chosen", days(9), "")
    done(at_once, world.manager, -3)
    assert "12 months after the check of" in dues.why_due(at_once)
    done(at_once, world.manager, -2, valid_until=days(90))
    assert "the certificate of" in dues.why_due(at_once)


def test_a_file_holds_devices_in_the_order_of_who_books():
    """However its rows stand; those of one device as they come."""
    rows = [Row(number, {"device_id": pk}) for number, pk in enumerate([9, 4, 9, 4])]
    found = importing._by_device(Plan(new=rows)).new
    assert [row.number for row in found] == [1, 3, 0, 2]
