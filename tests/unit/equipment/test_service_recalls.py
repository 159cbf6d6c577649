"""Recalls find their devices; adverse events have clocks; people are reminded once."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from alliance.core import outbox
from alliance.core.errors import DomainError, StaleVersion
from alliance.core.models import OutboxMessage
from alliance.institutions.models import Membership
from alliance.notices.models import Notice
from equipment.devices.models import Device
from equipment.service import actions, selectors, tasks
from equipment.service.models import MaintenancePlan, Outage, Recall
from tests.factories import alliance as make
from tests.factories.devices import DeviceFactory
from tests.factories.service import PlanFactory, harmed, ordered, recalled, step

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


@pytest.fixture
def device(world):
    return DeviceFactory(
        owner=world.county, maker="明川医疗", udi="0106901234", serial_number="A1", name="MC-9 电刀"
    )


def relay():
    """Carry out everything promised; what was said, by text key."""
    outbox.relay()
    assert not OutboxMessage.objects.filter(done_at=None).exists()
    return sorted(Notice.objects.values_list("text_key", flat=True))


@pytest.mark.parametrize(
    ("aim", "hit"),
    [
        ({}, True),
        ({"model": "mc-9"}, True),
        ({"model": "MC-8"}, False),
        ({"udi": "010690"}, True),
        ({"serials": "A0\n A1 "}, True),
        ({"serials": "A2"}, False),
        ({"maker": "其他厂"}, False),
        ({"maker": "", "udi": "0106901234"}, True),
    ],
)
def test_everything_the_notice_says_must_fit(world, device, aim, hit):
    recall = recalled(world, **aim)
    assert recall.devices.filter(device=device).exists() is hit
    assert Outage.objects.filter(recall=recall).exists() is hit


def test_a_recall_ends_device_by_device(world, device):
    others = [DeviceFactory(owner=world.township, maker="明川医疗") for _two in range(2)]
    DeviceFactory(owner=world.outside, maker="明川医疗")
    recall = recalled(world, type=device.type)
    rows = {row.device_id: row for row in recall.devices.all()}
    assert set(rows) == {device.pk, *(other.pk for other in others)}
    keys = relay()
    assert set(keys) == {"service.recalled"}
    assert set(Notice.objects.values_list("kind", flat=True)) == {"equipment_todo"}
    handle = {"outcome": "mended", "note": "厂家已升级", "by": world.manager}
    with pytest.raises(ValidationError):
        actions.handle_recalled(recalled=rows[device.pk], **(handle | {"note": " "}))
    with pytest.raises(PermissionDenied):
        actions.handle_recalled(recalled=rows[others[0].pk], **handle)
    actions.handle_recalled(recalled=rows[device.pk], **handle)
    with pytest.raises(DomainError) as refusal:
        actions.handle_recalled(recalled=rows[device.pk], **handle)
    assert refusal.value.code == "handled_already"
    with pytest.raises(DomainError) as refusal:
        actions.close_recall(recall=recall, version=1, by=world.office)
    assert refusal.value.code == "devices_waiting"
    theirs = handle | {"by": world.township_manager, "outcome": "removed"}
    for other in others:
        actions.handle_recalled(recalled=rows[other.pk], **theirs)
    assert Device.objects.filter(retirement="recalled").count() == 2
    actions.close_recall(recall=recall, version=1, by=world.office)
    with pytest.raises(DomainError) as refusal:
        actions.close_recall(recall=recall, version=2, by=world.office)
    assert refusal.value.code == "recall_closed"
    assert actions.match_recall(recall=recall, by=world.office) == 0


def test_what_was_retired_meanwhile_is_dealt_with_as_well(world, device):
    (row,) = recalled(world).devices.all()
    Device.objects.filter(pk=device.pk).update(retired_on=TODAY, retirement="worn")
    done = {"outcome": "removed", "note": "已报废", "by": world.manager}
    assert actions.handle_recalled(recalled=row, **done).handled_by == world.manager


def test_devices_registered_later_are_found_at_night(world):
    quiet = recalled(world, stops_use=False)
    recalled(world, maker="别家医疗")
    DeviceFactory(owner=world.county, maker="明川医疗")
    assert tasks.match_recalls() == 1
    with CaptureQueriesContext(connection) as asked:
        assert tasks.match_recalls() == 0
    # Each recall in a transaction of its own: none keeps devices while the next is looked at.
    assert sum(one["sql"].startswith("SAVEPOINT") for one in asked) == Recall.objects.count()
    assert not Outage.objects.filter(recall=quiet).exists()


def test_who_issues_recalls_for_whom(world, device):
    values = {"title": "召回", "level": "1", "reference": "1", "published_on": TODAY}
    values["maker"] = "明川医疗"
    issue = {"alliance": world.alliance, "values": values}
    with pytest.raises(PermissionDenied):
        actions.issue_recall(**issue, by=world.manager)
    own = actions.issue_recall(**issue, by=world.manager, institution=world.county)
    DeviceFactory(owner=world.township, maker="明川医疗")
    assert tasks.match_recalls() == 0
    assert own.devices.count() == 1
    for wrong in ({"published_on": TODAY + timedelta(days=1)}, {"maker": ""}):
        with pytest.raises(ValidationError):
            recalled(world, **wrong)


@pytest.mark.parametrize(
    ("harm", "hours"),
    [("death", 168), ("serious", 480), ("group", 12), ("other", 720), ("potential", 720)],
)
def test_the_clock_runs_from_when_it_was_known(world, device, harm, hours):
    event = harmed(device, world.county, world.county_doctor, harm=harm)
    assert event.report_due_at - event.known_at == timedelta(hours=hours)


def test_an_event_is_reported_and_closed(world, device):
    event = harmed(device, world.county, world.county_doctor)
    now = timezone.now()
    assert Outage.objects.get().reason == "event"
    close = {"event": event, "conclusion": "电极老化", "by": world.manager}
    with pytest.raises(DomainError) as refusal:
        actions.close_event(**close, version=1)
    assert refusal.value.code == "not_reported"
    amend = {"harm": "death", "description": "死亡", "measures": "停用", "by": world.manager}
    with pytest.raises(StaleVersion):
        actions.amend_event(event=event, **amend, version=9)
    event = actions.amend_event(event=event, **amend, version=1)
    assert event.report_due_at == event.known_at + timedelta(days=7)
    report = {"event": event, "number": "B2026-1", "reported_at": now, "by": world.manager}
    for wrong in ({"number": " "}, {"reported_at": now + timedelta(days=1)}):
        with pytest.raises(ValidationError):
            actions.report_event(**(report | wrong), version=2)
    event = actions.report_event(**report, version=2)
    with pytest.raises(DomainError) as refusal:
        actions.report_event(**report, version=3)
    assert refusal.value.code == "reported_already"
    with pytest.raises(ValidationError):
        actions.close_event(**(close | {"conclusion": ""}), version=3)
    event = actions.amend_event(event=event, **amend, version=3)
    event = actions.close_event(**close, version=4)
    assert Outage.objects.get().ends_at == event.closed_at
    with pytest.raises(DomainError) as refusal:
        actions.amend_event(event=event, **amend, version=5)
    assert refusal.value.code == "event_closed"


@pytest.mark.parametrize(
    ("hours", "field"),
    [((1, 1), "happened_at"), ((-2, 1), "known_at"), ((-1, -2), "known_at")],
)
def test_an_event_has_happened(world, device, hours, field):
    happened, known = (timezone.now() + timedelta(hours=one) for one in hours)
    with pytest.raises(ValidationError) as refusal:
        harmed(device, world.county, world.manager, happened_at=happened, known_at=known)
    assert field in refusal.value.message_dict


def test_who_enters_and_who_answers(world, device):
    with pytest.raises(PermissionDenied):
        harmed(device, world.county, world.doctor)
    event = harmed(device, world.township, world.doctor, keep_out=False)
    assert not Outage.objects.exists()
    with pytest.raises(PermissionDenied):
        actions.close_event(event=event, conclusion="无", version=1, by=world.manager)
    Membership.objects.filter(institution=world.county).delete()
    with pytest.raises(DomainError) as refusal:
        harmed(device, world.county, world.manager)
    assert refusal.value.code == "no_alliance"


def test_clocks_of_events_are_told_once_each(world, device):
    now = timezone.now()
    group = harmed(device, world.county, world.manager, harm="group")
    late = harmed(
        device,
        world.county,
        world.manager,
        happened_at=now - timedelta(days=30),
        known_at=now - timedelta(days=30),
    )
    far = harmed(device, world.county, world.manager)
    assert tasks.watch_events() == 2
    assert tasks.watch_events() == 0
    keys = relay()
    assert {"service.event_due", "service.event_overdue", "service.event_entered"} == set(keys)
    assert set(Notice.objects.values_list("kind", flat=True)) == {"equipment_todo"}
    assert actions.watch_events(now=now + timedelta(hours=13)) == 1
    sent = {"reported_at": timezone.now(), "number": "1", "by": world.manager}
    for one in (group, late, far):
        actions.report_event(event=one, version=1, **sent)
    assert relay().count("service.event_overdue") == keys.count("service.event_overdue")


def test_keepers_hear_of_checks_once_for_each_due_day(world, device):
    make.staff("equipment_keeper", institution=world.county)
    near = PlanFactory(device=device, first_due_on=TODAY + timedelta(days=20))
    PlanFactory(device=device, name="半年保养", first_due_on=TODAY - timedelta(days=2))
    PlanFactory(device=device, name="以后", first_due_on=TODAY + timedelta(days=200))
    ended = PlanFactory(device=device, name="已停", first_due_on=TODAY + timedelta(days=3))
    assert tasks.remind_of_checks() == 3
    assert tasks.remind_of_checks() == 0
    MaintenancePlan.objects.filter(pk=ended.pk).update(
        ended_at=timezone.now(), ended_by=world.manager
    )
    assert relay() == ["service.checks_due"] * 2 + ["service.checks_overdue"] * 2
    told = Notice.objects.filter(text_key="service.checks_due").first()
    assert told.kind == "equipment"
    assert told.values == {
        "count": 1,
        "device": device.name,
        "name": near.name,
        "due_on": near.due_on.isoformat(),
    }


def test_those_concerned_hear_of_a_repair(world, device):
    order = ordered(device, world.doctor)
    step(order, "assign", world.manager, vendor="明川")
    readers = Notice.objects.values_list("text_key", "user")
    relay()
    assert set(readers) == {
        ("service.report", world.manager.pk),
        ("service.assign", world.doctor.pk),
    }


def test_words_that_came_too_late_are_not_said(world, device):
    plan = PlanFactory(device=device, first_due_on=TODAY + timedelta(days=5))
    recall = recalled(world)
    assert tasks.remind_of_checks() == 1
    MaintenancePlan.objects.filter(pk=plan.pk).update(
        ended_at=timezone.now(), ended_by=world.manager
    )
    handled = {"outcome": "unaffected", "note": "批号不符", "by": world.manager}
    for row in recall.devices.all():
        actions.handle_recalled(recalled=row, **handled)
    assert relay() == []
    assert selectors.devices_meant(recall, on=TODAY).count() == 1
