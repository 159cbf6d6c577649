"""What must never be false of service is refused by the database itself."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from equipment.service.models import MaintenancePlan, Outage, ServiceRecord
from tests.factories.devices import DeviceFactory
from tests.factories.service import OutageFactory, PlanFactory

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def refused(name, write):
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        write()


@pytest.fixture
def device(world):
    return DeviceFactory(owner=world.county)


@pytest.mark.parametrize(
    ("values", "name"),
    [
        ({"reason": "mood"}, "service_outage_reason"),
        ({"ends_at": NOW - timedelta(hours=1)}, "service_outage_period"),
    ],
)
def test_an_outage_keeps_its_order(device, values, name):
    rows = Outage.objects.filter(pk=OutageFactory(device=device, starts_at=NOW).pk)
    refused(name, lambda: rows.update(**values))


@pytest.mark.parametrize(
    ("values", "name"),
    [
        ({"kind": "holy"}, "service_plan_kind"),
        ({"months": 0}, "service_plan_months"),
        ({"ended_at": NOW}, "service_plan_ended_pair"),
    ],
)
def test_a_plan_keeps_its_order(device, values, name):
    rows = MaintenancePlan.objects.filter(pk=PlanFactory(device=device).pk)
    refused(name, lambda: rows.update(**values))


def test_a_plan_runs_once(device):
    PlanFactory(device=device)
    refused("service_plan_once", lambda: PlanFactory(device=device))


@pytest.fixture
def record(world, device):
    return ServiceRecord.objects.create(
        device=device,
        plan=PlanFactory(device=device),
        kind="statutory",
        done_on=date(2026, 3, 1),
        recorded_by=world.manager,
    )


@pytest.mark.parametrize(
    ("values", "name"),
    [
        ({"result": "lovely"}, "service_record_words"),
        ({"kind": "holy"}, "service_record_words"),
        ({"valid_until": date(2026, 3, 1)}, "service_record_valid"),
        ({"valid_until": date(2027, 3, 1), "result": "failed"}, "service_record_valid"),
        ({"cost": -1}, "service_record_cost"),
        ({"voided_at": NOW}, "service_record_voided"),
        ({"void_reason": "录错"}, "service_record_voided"),
    ],
)
def test_a_record_keeps_its_order(record, values, name):
    rows = ServiceRecord.objects.filter(pk=record.pk)
    refused(name, lambda: rows.update(**values))


def test_a_plan_has_one_record_a_day(world, record):
    values = {"kind": "statutory", "done_on": record.done_on, "recorded_by": world.manager}
    twin = {"device": record.device, "plan": record.plan, **values}
    refused("service_record_once", lambda: ServiceRecord.objects.create(**twin))
