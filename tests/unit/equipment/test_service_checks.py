"""Scheduled checks on devices: what makes each hit, what clears it, and days gone by."""

from datetime import timedelta

import pytest
from django.utils import timezone

from alliance.core import compliance
from equipment.devices.models import Device
from equipment.service import actions
from equipment.service.models import MaintenancePlan, Outage
from tests.factories.devices import DeviceFactory
from tests.factories.service import PlanFactory, recalled

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


def days(count):
    return TODAY + timedelta(days=count)


def found(world, code, on=TODAY):
    setting = compliance.in_force(alliance_id=world.alliance.pk, on=on)[f"service.{code}"]
    question = compliance.question(setting, alliance_ids=[world.alliance.pk], on=on)
    return list(setting.check.rows(question))


@pytest.fixture
def device(world):
    return DeviceFactory(owner=world.county, maker="明川医疗")


def long_planned(device, **values):
    """A plan that was made long ago, so that past days can be asked about."""
    plan = PlanFactory(device=device, **values)
    past = timezone.now() - timedelta(days=400)
    MaintenancePlan.objects.filter(pk=plan.pk).update(created_at=past)
    return plan


def test_a_calibration_overdue_until_it_is_done(world, device):
    plan = long_planned(device, first_due_on=days(-3))
    (row,) = found(world, "calibration_overdue")
    assert (row["subject"], row["house_id"]) == (str(plan.public_id), world.county.pk)
    assert row["evidence"] == {
        "device": device.name,
        "number": device.asset_number,
        "plan": "强制检定",
        "due_on": days(-3).isoformat(),
    }
    assert found(world, "calibration_overdue", days(-3)) == []
    actions.record_service(plan=plan, done_on=TODAY, by=world.manager)
    assert found(world, "calibration_overdue") == []
    (then,) = found(world, "calibration_overdue", days(-1))
    assert (then["due_on"], then["evidence"]) == (days(-3), row["evidence"])


def test_maintenance_and_what_falls_due(world, device):
    PlanFactory(device=device, kind="preventive", name="保养", first_due_on=days(-1))
    near = PlanFactory(device=device, first_due_on=days(30))
    PlanFactory(device=device, name="校准", kind="routine", first_due_on=days(31))
    PlanFactory(device=DeviceFactory(owner=world.outside), first_due_on=days(-1))
    assert len(found(world, "maintenance_overdue")) == 1
    assert found(world, "calibration_overdue") == []
    (row,) = found(world, "check_due")
    assert row["due_on"] == near.due_on
    actions.end_plan(plan=near, reason="停用", version=1, by=world.manager)
    assert found(world, "check_due") == []


def test_past_its_life(world, device):
    assert found(world, "past_life") == []
    Device.objects.filter(pk=device.pk).update(life_ends_on=TODAY)
    (row,) = found(world, "past_life")
    assert row["subject"] == str(device.public_id)
    Device.objects.filter(pk=device.pk).update(retired_on=TODAY, retirement="worn")
    assert found(world, "past_life") == []


def test_recalled_and_still_in_use(world, device):
    recall = recalled(world)
    assert found(world, "recalled_in_use") == []
    Outage.objects.update(ends_at=timezone.now())
    (row,) = found(world, "recalled_in_use")
    assert (row["facet"], row["evidence"]["recall"]) == (str(recall.pk), recall.title)
    for one in recall.devices.all():
        actions.handle_recalled(recalled=one, outcome="mended", note="已升级", by=world.manager)
    assert found(world, "recalled_in_use") == []
