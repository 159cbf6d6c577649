"""What must never be false of service is refused by the database itself."""

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone

from equipment.service.models import (
    AdverseEvent,
    MaintenancePlan,
    Outage,
    Recall,
    RecalledDevice,
    ServiceFile,
    ServiceRecord,
    WorkOrder,
    WorkOrderEvent,
)
from tests.factories.devices import DeviceFactory
from tests.factories.service import OutageFactory, PlanFactory, harmed, ordered, recalled

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
        ({"first_due_why": "last"}, "service_plan_first_due"),
        ({"last_on": NOW.date()}, "service_plan_first_due"),
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


@pytest.mark.parametrize(
    ("values", "name"),
    [
        ({"status": "asleep", "closed_at": NOW}, "service_order_status"),
        ({"closed_at": NOW}, "service_order_closed"),
        ({"status": "cancelled"}, "service_order_closed"),
        ({"cost": -1}, "service_order_cost"),
        ({"status": "tested"}, "service_order_work"),
        ({"parts_cost": 5, "cost": 5}, "service_order_parted"),
        ({"parts_cost": 5, "labour_cost": 5, "cost": 11}, "service_order_parted"),
    ],
)
def test_an_order_keeps_its_order(world, device, values, name):
    order = ordered(device, world.county_doctor)
    rows = WorkOrder.objects.filter(pk=order.pk)
    refused(name, lambda: rows.update(**values))


def test_an_order_takes_its_device_out_once_and_its_history_stays(world, device):
    order = ordered(device, world.county_doctor)
    again = {"device": device, "starts_at": NOW, "order": order}
    refused("service_outage_once_per_order", lambda: OutageFactory(**again))
    events = WorkOrderEvent.objects.filter(order=order)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        events.update(reason="")


@pytest.mark.parametrize(
    ("values", "name"),
    [
        ({"level": "9"}, "service_recall_level"),
        ({"maker": ""}, "service_recall_aim"),
        ({"closed_at": NOW}, "service_recall_closed_pair"),
    ],
)
def test_a_recall_keeps_its_order(world, values, name):
    rows = Recall.objects.filter(pk=recalled(world).pk)
    refused(name, lambda: rows.update(**values))


def test_a_device_is_recalled_once(world, device):
    recall = recalled(world)
    row = RecalledDevice.objects.create(recall=recall, device=device)
    twin = {"recall": recall, "device": device}
    refused("service_recalled_once", lambda: RecalledDevice.objects.create(**twin))
    rows = RecalledDevice.objects.filter(pk=row.pk)
    refused("service_recalled_handled", lambda: rows.update(outcome="mended"))
    OutageFactory(**twin, starts_at=NOW, reason="recall")
    again = {**twin, "starts_at": NOW, "reason": "recall"}
    refused("service_outage_once_per_recall", lambda: OutageFactory(**again))


@pytest.mark.parametrize(
    ("values", "name"),
    [
        ({"harm": "none"}, "service_event_harm"),
        ({"known_at": NOW - timedelta(days=9)}, "service_event_order"),
        ({"report_number": "1"}, "service_event_reported"),
        ({"closed_at": NOW}, "service_event_closed"),
    ],
)
def test_an_event_keeps_its_order(world, device, values, name):
    rows = AdverseEvent.objects.filter(pk=harmed(device, world.county, world.county_doctor).pk)
    refused(name, lambda: rows.update(**values))


def test_a_file_belongs_to_one_thing(world):
    values = {"file": "a.pdf", "name": "a.pdf", "size": 1, "sha256": "0" * 64}
    values |= {"content_type": "application/pdf", "uploaded_by": world.manager}
    refused("service_file_of_one", lambda: ServiceFile.objects.create(**values))
