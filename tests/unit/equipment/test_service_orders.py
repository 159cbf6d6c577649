"""Faults are reported and mended; devices go down and come back with them."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from alliance.core.errors import DomainError, StaleVersion, TransitionNotAllowed
from alliance.core.models import PolicySetting
from equipment.devices import actions as devices
from equipment.devices.models import Device
from equipment.devices.signals import device_availability_changed
from equipment.service import actions, policies, selectors
from equipment.service.choices import Move
from equipment.service.models import Outage, WorkOrder, WorkOrderEvent
from tests.factories.alliance import LONG_AGO
from tests.factories.devices import DeviceFactory
from tests.factories.files import png
from tests.factories.service import PlanFactory, harmed, ordered, recalled, step

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()


@pytest.fixture
def device(world):
    return DeviceFactory(owner=world.county)


@pytest.fixture
def heard():
    """The devices that rooms above are told about."""
    found = []

    def listen(sender, *, device_ids, **kwargs):
        found.append(device_ids)

    device_availability_changed.connect(listen)
    yield found
    device_availability_changed.disconnect(listen)


def is_up(device):
    now = timezone.now()
    found = selectors.in_service(Device.objects.all(), since=now, until=now)
    return found.filter(pk=device.pk).exists()


def test_the_device_is_held_before_what_is_written_about_it(world, device):
    """Whoever reports a fault or gives a device away holds it first: the other way ends in deadlock."""
    order = ordered(device, world.manager, is_usable=True)
    actions.keep_worn(device=device, condition="poor", note="", by=world.manager)
    event = harmed(device, world.county, world.manager)
    told = {"reported_at": timezone.now(), "number": "2026-1", "version": 1, "by": world.manager}
    event = actions.report_event(event=event, **told)
    ended = {"conclusion": "使用不当", "version": event.version, "by": world.manager}
    worn = device.outages.get(reason="condition")
    for table, act in (
        ("service_workorder", lambda: step(order, "stop", world.manager, reason="危险")),
        ("service_outage", lambda: actions.end_outage(outage=worn, by=world.manager)),
        ("service_adverseevent", lambda: actions.close_event(event=event, **ended)),
    ):
        with CaptureQueriesContext(connection) as asked:
            act()
        held = [one["sql"].split('"')[1] for one in asked if " FOR UPDATE" in one["sql"]]
        assert held[:2] == ["devices_device", table]


def test_a_fault_takes_the_device_out_until_it_is_back(world, device, heard):
    order = ordered(device, world.county_doctor)
    assert order.number.startswith("BX")
    assert (is_up(device), heard) == (False, [[device.pk]])
    day = timezone.localdate() + timedelta(days=3)
    order = step(order, "assign", world.manager, vendor="明川医疗", expected_on=day)
    order = step(order, "start", world.manager)
    assert (order.assigned_to, order.expected_on) == (None, day)
    order = step(order, "test", world.manager, work_done="更换镜头", cost=Decimal("1200.50"))
    order = step(order, "fail", world.manager, "仍有雾")
    order = step(order, "test", world.manager, work_done="更换密封圈")
    assert not is_up(device)
    order = step(order, "return", world.manager)
    assert is_up(device)
    assert order.closed_at is not None
    told = list(order.events.order_by("pk").values_list("move", "target"))
    assert told == [
        ("report", "reported"),
        ("assign", "assigned"),
        ("start", "in_repair"),
        ("test", "tested"),
        ("fail", "in_repair"),
        ("test", "tested"),
        ("return", "returned"),
    ]
    assert WorkOrderEvent.objects.filter(move="assign").get().data == {
        "vendor": "明川医疗",
        "expected_on": day.isoformat(),
    }


def test_what_can_still_be_used_stays_in_use_until_somebody_stops_it(world, device):
    order = ordered(device, world.township_liaison, is_usable=True)
    assert is_up(device)
    order = step(order, "stop", world.manager, "漏电")
    assert not is_up(device)
    with pytest.raises(DomainError) as refusal:
        step(order, "stop", world.manager, "漏电")
    assert refusal.value.code == "out_already"
    order = step(order, "start", world.manager)
    assert order.assigned_to == world.manager


def test_who_reported_takes_it_back(world, device):
    order = ordered(device, world.county_doctor)
    with pytest.raises(ValidationError):
        step(order, "cancel", world.county_doctor)
    assert policies.moves_open(world.county_doctor, order) == {Move.CANCEL}
    step(order, "cancel", world.county_doctor, "未插电源")
    assert is_up(device)


def test_beyond_repair_it_leaves_the_register(world, device):
    order = step(ordered(device, world.county_doctor), "retire", world.manager, "主板烧毁")
    device.refresh_from_db()
    assert (order.status, device.retirement) == ("retired", "broken")
    with pytest.raises(DomainError) as refusal:
        ordered(device, world.manager)
    assert refusal.value.code == "device_retired"


def test_a_mistaken_return_is_gone_on_with_for_some_days(world, device, heard):
    order = step(ordered(device, world.county_doctor), "start", world.manager)
    order = step(order, "test", world.manager, work_done="更换镜头")
    order = step(order, "return", world.manager)
    order = step(order, "reopen", world.manager, "仍有雾")
    assert (order.status, order.closed_at, is_up(device)) == ("in_repair", None, False)
    order = step(order, "test", world.manager, work_done="更换密封圈")
    order = step(order, "return", world.manager)
    assert is_up(device)
    assert order.outages.count() == 2
    long_ago = timezone.now() - timedelta(days=15)
    WorkOrder.objects.filter(pk=order.pk).update(closed_at=long_ago)
    with pytest.raises(DomainError) as refusal:
        step(order, "reopen", world.manager, "仍有雾")
    assert refusal.value.code == "order_rests"


def test_a_device_retired_by_mistake_comes_back_through_its_repair(world, device):
    order = step(ordered(device, world.county_doctor), "retire", world.manager, "主板烧毁")
    with pytest.raises(DomainError) as refusal:
        step(order, "reopen", world.manager, "可以修")
    assert refusal.value.code == "device_retired"
    devices.put_back(device=device, reason="可以修", by=world.manager)
    assert not is_up(device)
    order = step(order, "reopen", world.manager, "可以修")
    order = step(order, "test", world.manager, work_done="更换主板")
    step(order, "return", world.manager)
    assert is_up(device)


@pytest.mark.parametrize(
    ("name", "data", "field"),
    [
        ("assign", {}, "assigned_to"),
        ("assign", {"assigned_to": "doctor"}, "assigned_to"),
        ("assign", {"vendor": "明川", "expected_on": -1}, "expected_on"),
        ("start", {"expected_on": -1}, "expected_on"),
        ("note", {}, "reason"),
    ],
)
def test_moves_say_what_they_lack(world, device, name, data, field):
    order = ordered(device, world.county_doctor)
    if "expected_on" in data:
        data = data | {"expected_on": timezone.localdate() + timedelta(days=data["expected_on"])}
    if "assigned_to" in data:
        data = data | {"assigned_to": world.county_doctor}
    with pytest.raises(ValidationError) as refusal:
        step(order, name, world.manager, **data)
    assert list(refusal.value.message_dict) == [field]


def test_a_repair_says_what_was_done(world, device):
    order = step(ordered(device, world.county_doctor), "start", world.manager)
    with pytest.raises(ValidationError, match="what was done"):
        step(order, "test", world.manager, work_done=" ")
    order = step(order, "assign", world.manager, assigned_to=world.manager)
    assert (order.status, order.assigned_to) == ("assigned", world.manager)


def test_refusals_leave_nothing(world, device):
    private = DeviceFactory(owner=world.county, is_shared=False)
    with pytest.raises(PermissionDenied):
        ordered(private, world.doctor)
    with pytest.raises(PermissionDenied):
        ordered(device, world.outsider)
    order = ordered(device, world.doctor)
    for who in (world.county_doctor, world.township_manager):
        with pytest.raises(PermissionDenied):
            step(order, "start", who)
    with pytest.raises(TransitionNotAllowed):
        step(order, "return", world.manager)
    with pytest.raises(StaleVersion):
        actions.move(order=order, move=Move.START, by=world.manager, version=9)
    assert WorkOrder.objects.get().version == 1


def test_a_photograph_is_looked_into(world, device):
    fake = SimpleUploadedFile("a.jpg", b"MZ not a picture")
    with pytest.raises(ValidationError) as refusal:
        ordered(device, world.doctor, photo=fake)
    assert "photo" in refusal.value.message_dict
    assert not WorkOrder.objects.exists()
    pdf = SimpleUploadedFile("故障.pdf", b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\n%%EOF")
    (kept,) = ordered(device, world.doctor, photo=pdf).files.all()
    assert (kept.name, kept.content_type) == ("故障.pdf", "application/pdf")


def announced(device, by, **more):
    now = timezone.now()
    values = {"reason": "planned", "starts_at": now, "ends_at": now + timedelta(hours=4)}
    return actions.announce_outage(device=device, by=by, **({"note": "年度保养"} | values | more))


def test_an_announced_outage_is_ended_early(world, device, heard):
    outage = announced(device, world.manager, ends_at=None)
    assert not is_up(device)
    outage = actions.end_outage(outage=outage, by=world.manager)
    assert is_up(device)
    assert len(heard) == 2
    with pytest.raises(DomainError) as refusal:
        actions.end_outage(outage=outage, by=world.manager)
    assert refusal.value.code == "outage_over"
    coming = announced(device, world.manager, starts_at=timezone.now() + timedelta(hours=1))
    ended = actions.end_outage(outage=coming, by=world.manager)
    assert ended.ends_at == ended.starts_at


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"reason": "fault"}, "reason"),
        ({"ends_at": timezone.now() - timedelta(days=1)}, "ends_at"),
        ({"note": " "}, "note"),
    ],
)
def test_an_outage_is_announced_whole(world, device, values, field):
    with pytest.raises(ValidationError) as refusal:
        announced(device, world.manager, **values)
    assert list(refusal.value.message_dict) == [field]


def test_an_outage_ends_with_what_caused_it(world, device):
    ordered(device, world.doctor)
    with pytest.raises(DomainError) as refusal:
        actions.end_outage(outage=Outage.objects.get(), by=world.manager)
    assert refusal.value.code == "outage_of_other"
    with pytest.raises(PermissionDenied):
        announced(device, world.doctor)


def test_whatever_keeps_a_device_out_goes_along_to_its_next_owner(world, device):
    fault = ordered(device, world.doctor)
    usable = ordered(device, world.doctor, is_usable=True)
    step(fault, "assign", world.manager, assigned_to=world.manager)
    step(usable, "assign", world.manager, vendor="明川医疗")
    recall = recalled(world, maker="", type=device.type)
    plan = PlanFactory(device=device)
    failed = {"done_on": TODAY - timedelta(days=1), "result": "failed"}
    actions.record_service(plan=plan, **failed, by=world.manager)
    given = {"device": device, "to": world.township, "asset_number": "T9", "on": TODAY}
    there = devices.give(**given, by=world.manager)
    by = world.township_manager
    why = {"fault": fault, "recall": recall}
    assert set(there.outages.values_list("reason", flat=True)) == {*why, "check"}
    assert not there.outages.exclude(ends_at=None).exists()
    fault.refresh_from_db()
    assert (fault.institution, fault.device, fault.assigned_to) == (world.township, there, None)
    assert fault.events.latest("pk").move == "note"
    with pytest.raises(PermissionDenied):
        step(fault, "start", world.manager)
    actions.handle_recalled(recalled=there.recalls.get(), outcome="mended", note="已修", by=by)
    actions.record_service(plan=there.plans.get(), done_on=TODAY, by=by)
    assert not is_up(there)
    step(fault, "start", by)
    step(fault, "test", by, work_done="更换镜头")
    step(fault, "return", by)
    assert is_up(there)
    usable.refresh_from_db()
    assert (usable.institution, usable.vendor) == (world.township, "明川医疗")


def test_a_repair_keeps_its_papers_what_it_cost_and_how_the_device_is(world, device):
    by = world.manager
    order = ordered(device, world.doctor)
    step(order, "start", by)
    for wrong, field in (
        ({"parts_cost": Decimal(5), "cost": Decimal(6)}, "cost"),
        ({"file": SimpleUploadedFile("a.exe", b"MZ")}, "file"),
    ):
        with pytest.raises(ValidationError) as refusal:
            step(order, "test", by, work_done="换探头", **wrong)
        assert field in refusal.value.message_dict
    paid = {"parts_cost": Decimal(800), "labour_cost": Decimal("120.50")}
    order = step(order, "test", by, work_done="换探头", file=png(name="发票.png"), **paid)
    assert (order.cost, order.files.get().name) == (Decimal("920.50"), "发票.png")
    assert order.events.latest("pk").data["file"] == "发票.png"
    order = step(order, "return", by, condition="limited", condition_note=" 换了旧探头 ")
    device.refresh_from_db()
    assert (device.condition, device.condition_note) == ("limited", "换了旧探头")
    closed = order.closed_at
    order = step(order, "note", by, "补交检测报告", file=png(name="报告.png"))
    assert (order.status, order.closed_at, order.files.count()) == ("returned", closed, 2)
    second = ordered(device, world.doctor)
    step(second, "start", by)
    step(second, "test", by, work_done="调校")
    devices.retire(device=device, retirement="lost", on=TODAY, by=by)
    assert step(second, "return", by, condition="good").closed_at


def test_what_came_back_unfit_is_out_until_its_keeper_says_more(world, device):
    worn = {"device": device, "note": "接口松动", "by": world.doctor}
    actions.keep_worn(**worn, condition="limited")
    assert is_up(device)
    PolicySetting.objects.create(
        key="service.limited_stays", value=False, effective_from=LONG_AGO, source="院内"
    )
    for _twice in range(2):
        actions.keep_worn(**worn, condition="limited")
    (out,) = device.outages.all()
    assert out.note.endswith("接口松动")
    # Somebody who borrows says that it can be used; its keeper has not looked yet.
    ordered(device, world.doctor, is_usable=True)
    assert not is_up(device)
    actions.end_outage(outage=out, by=world.manager)
    assert is_up(device)
    actions.keep_worn(**worn, condition="poor")
    ordered(device, world.manager, is_usable=True)
    assert is_up(device)
    actions.keep_worn(**worn, condition="poor")
    order = ordered(device, world.doctor)
    assert [one.order for one in device.outages.filter(ends_at=None)] == [order]
