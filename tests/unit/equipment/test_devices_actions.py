"""What becomes of devices: registered, changed, moved, retired, given, counted."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from alliance.core import outbox
from alliance.core.errors import DomainError, StaleVersion
from alliance.core.models import AuditEntry, PolicySetting
from alliance.notices.models import Notice
from equipment.devices import actions, policies, selectors
from equipment.devices.models import Device, DeviceRetirement, DeviceType
from equipment.devices.panels import panels_for
from equipment.devices.signals import device_availability_changed
from tests.factories import alliance as make
from tests.factories.alliance import LONG_AGO
from tests.factories.devices import DeviceFactory, DeviceTypeFactory, needed
from tests.factories.files import csv_file, png

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


@pytest.fixture
def device(world):
    return DeviceFactory(owner=world.county, udi="0106", serial_number="A1", price=100)


def refused(kind, act, **kwargs):
    with pytest.raises(kind) as caught:
        act(**kwargs)
    return caught.value


def lines():
    return list(AuditEntry.objects.order_by("pk").values_list("action", flat=True))


def test_a_device_is_registered_and_lives_as_its_type(world):
    type_ = DeviceTypeFactory(life_years=6)
    values = {"type": type_, "name": "镜", "asset_number": "1", "in_use_from": LONG_AGO}
    row = actions.register(owner=world.county, by=world.manager, **values)
    assert row.life_ends_on == LONG_AGO.replace(year=LONG_AGO.year + 6)
    bought = LONG_AGO - timedelta(days=400)
    row = actions.change(
        device=row, by=world.manager, type=type_, purchased_on=bought, life_ends_on=None, version=1
    )
    assert (row.version, row.life_ends_on) == (2, bought.replace(year=bought.year + 6))
    assert actions.change(device=row, by=world.manager, name="镜").version == 2
    again = values | {"department": world.county_surgery, "type": DeviceTypeFactory(code="2")}
    wrong = refused(
        ValidationError, actions.register, owner=world.county, by=world.manager, **again
    )
    assert set(wrong.message_dict) == {"asset_number"}
    DeviceType.objects.update(is_active=False)
    again["type"] = DeviceType.objects.first()
    other = make.DepartmentFactory(institution=world.township)
    again |= {"asset_number": "2", "department": other}
    wrong = refused(
        ValidationError, actions.register, owner=world.county, by=world.manager, **again
    )
    assert set(wrong.message_dict) == {"department", "type"}
    refused(PermissionDenied, actions.register, owner=world.township, by=world.manager, **again)
    bare = refused(ValidationError, actions.register, owner=world.county, by=world.manager)
    assert {"type", "name", "in_use_from"} <= set(bare.message_dict)
    assert lines() == ["device.registered", "device.changed"]


def test_a_device_is_moved_by_who_keeps_it_and_saw_it(world, device):
    with pytest.raises(StaleVersion):
        actions.move(device=device, by=world.manager, location="三楼", version=9)
    refused(PermissionDenied, actions.move, device=device, by=world.county_doctor, location="三楼")
    row = actions.move(device=device, by=world.manager, location="三楼", version=1)
    assert (row.location, row.version) == ("三楼", 2)


def test_a_retired_device_stays_as_it_was(world, device):
    heard = []

    def hear(sender, device_ids, **kwargs):
        heard.extend(device_ids)

    device_availability_changed.connect(hear)
    given = {"device": device, "by": world.manager, "on": TODAY}
    refused(ValidationError, actions.retire, **given, retirement="given")
    refused(ValidationError, actions.retire, **given | {"on": date(1999, 1, 1)}, retirement="worn")
    row = actions.retire(**given, retirement="worn", note=" 已拆 ")
    assert (row.retired_on, row.retirement_note, heard) == (TODAY, "已拆", [device.pk])
    refused(DomainError, actions.retire, **given, retirement="worn")
    refused(DomainError, actions.change, device=device, by=world.manager, name="新")
    condition = {"device": device, "condition": "poor", "note": "", "by": world.manager}
    refused(DomainError, actions.note_condition, **condition)
    assert not Device.objects.standing_on(TODAY).exists()
    device_availability_changed.disconnect(hear)


def test_a_mistaken_retirement_is_undone_and_stays_on_record(world, device):
    by = world.manager
    back = {"device": device, "by": by}
    refused(DomainError, actions.put_back, **back, reason="误操作")
    actions.retire(device=device, retirement="worn", on=TODAY, by=by, note="已拆")
    refused(PermissionDenied, actions.put_back, device=device, by=world.doctor, reason="误操作")
    refused(ValidationError, actions.put_back, **back, reason=" ")
    heard = []

    def hear(sender, device_ids, **kwargs):
        heard.extend(device_ids)

    device_availability_changed.connect(hear)
    row = actions.put_back(**back, reason="误操作", version=2)
    device_availability_changed.disconnect(hear)
    assert (row.retired_on, row.retirement, row.version, heard) == (None, "", 3, [device.pk])
    assert Device.objects.standing_on(TODAY).exists()
    seen = DeviceRetirement.objects.visible_to(by).get()
    assert (seen.note, seen.undone_by, seen.undone_why) == ("已拆", by, "误操作")
    actions.retire(device=device, retirement="lost", on=TODAY, by=by)
    DeviceRetirement.objects.filter(undone_at=None).update(at=timezone.now() - timedelta(days=31))
    refused(DomainError, actions.put_back, **back, reason="找到了")
    # Of one that left before retirements had rows of their own, who said so is not known.
    DeviceRetirement.objects.filter(undone_at=None).delete()
    actions.put_back(**back, reason="找到了")
    seen = DeviceRetirement.objects.visible_to(by).get(undone_why="找到了")
    assert (seen.retirement, seen.retired_on, seen.by) == ("lost", TODAY, None)


def test_what_was_given_away_or_taken_is_not_put_back(world, device):
    by = world.manager
    Device.objects.filter(pk=device.pk).update(udi="0106", serial_number="A")
    actions.retire(device=device, retirement="lost", on=TODAY, by=by)
    DeviceFactory(owner=world.township, udi="0106", serial_number="A")
    refused(ValidationError, actions.put_back, device=device, by=by, reason="找到了")
    Device.objects.filter(pk=device.pk).update(retirement="given")
    refused(DomainError, actions.put_back, device=device, by=by, reason="拿回来了")
    assert Device.objects.standing_on(TODAY - timedelta(days=1)).exists()


def test_whoever_may_book_a_device_says_how_it_is(world, device):
    by = world.doctor
    row = actions.note_condition(device=device, condition="limited", note=" 镜头有划痕 ", by=by)
    assert (row.condition, row.condition_note, row.version) == ("limited", "镜头有划痕", 2)
    same = {"device": device, "condition": "limited", "note": "镜头有划痕"}
    assert actions.note_condition(**same, by=world.manager).version == 2
    for stranger in (world.outsider, world.qc):
        refused(PermissionDenied, actions.note_condition, **same, by=stranger)


def test_a_device_is_given_to_a_fellow_member(world, device):
    given = {"device": device, "asset_number": "T9", "on": TODAY, "by": world.manager}
    for house in (world.outside, world.county):
        wrong = refused(ValidationError, actions.give, **given, to=house)
        assert set(wrong.message_dict) == {"to"}
    DeviceFactory(owner=world.township, asset_number="T9")
    taken = refused(ValidationError, actions.give, **given, to=world.township)
    assert set(taken.message_dict) == {"asset_number"}
    keeper = make.staff("equipment_keeper", institution=world.township)
    there = actions.give(**given | {"asset_number": "T10"}, to=world.township)
    device.refresh_from_db()
    assert (device.retirement, device.retired_on) == ("given", TODAY)
    assert (there.owner, there.came_from, there.udi) == (world.township, device, "0106")
    assert (there.purchased_on, there.in_use_from, there.is_shared) == (LONG_AGO, TODAY, True)
    assert there.aged_from == device.aged_from
    outbox.relay()
    told = Notice.objects.filter(text_key="devices.received").values_list("user", flat=True)
    assert set(told) == {keeper.pk, world.township_manager.pk}


def test_files_are_kept_with_a_device(world, device):
    by = world.manager
    kept = actions.attach(device=device, file=png(), name="合格证", by=by)
    assert actions.attach(device=device, file=png(), name="again", by=by) == kept
    wrong = refused(
        ValidationError, actions.attach, device=device, file=csv_file(["a"]), name="a", by=by
    )
    assert set(wrong.message_dict) == {"file"}
    refused(PermissionDenied, actions.attach, device=device, file=png(), name="a", by=world.doctor)
    PolicySetting.objects.create(
        key="devices.files", value=1, effective_from=LONG_AGO, alliance=world.alliance, source="a",
        reason="b", created_by=world.office,
    )  # fmt: skip
    more = refused(
        ValidationError, actions.attach, device=device, file=png(shade=9), name="b", by=by
    )
    assert "at most 1" in str(more)
    refused(PermissionDenied, actions.remove_file, file=kept, by=world.doctor)
    assert actions.remove_file(file=kept, by=by).removed_at is not None
    refused(DomainError, actions.remove_file, file=kept, by=by)
    lonely = DeviceFactory(owner=world.outside)
    assert actions.attach(device=lonely, file=png(), name="c", by=world.outsider)


def test_types_and_what_needs_them(world):
    office = world.office
    values = {"name": "便携腹腔镜", "kind": "device", "family": "laparoscope"}
    type_ = actions.save_type(by=office, code="LAP-P", **values)
    assert (type_.pinyin, type_.version) == ("bxfqj", 1)
    row = actions.save_type(by=office, type_=type_, version=1, life_years=6)
    assert (row.life_years, row.version) == (6, 2)
    assert actions.save_type(by=office, type_=type_, life_years=6).version == 2
    for act in (
        lambda: actions.save_type(by=world.manager, code="X", **values),
        lambda: actions.need_technique(
            type_=type_, technique=world.appendectomy, need="required", by=world.manager
        ),
        lambda: actions.drop_technique(type_=type_, technique=world.appendectomy, by=world.manager),
    ):
        refused(PermissionDenied, act)
    for need in ("helpful", "required"):
        actions.need_technique(type_=row, technique=world.appendectomy, need=need, by=office)
    big = DeviceTypeFactory(code="LAP-HD", family="laparoscope")
    pump = DeviceTypeFactory(code="PUMP", name="泵")
    needed(big, world.appendectomy)
    needed(pump, world.appendectomy, "helpful")
    pk = world.appendectomy.pk
    assert selectors.types_for(pk)[-1] == (pump.pk, "helpful")
    laparoscope, other = selectors.needs_of(pk)
    assert (set(laparoscope.type_ids), laparoscope.need) == ({type_.pk, big.pk}, "required")
    assert (other.type_ids, other.need) == ((pump.pk,), "helpful")
    assert selectors.techniques_of([pump.pk]) == {pump.pk: [(pk, "helpful")]}
    for _twice in range(2):
        actions.drop_technique(type_=pump, technique=world.appendectomy, by=office)
    assert len(selectors.needs_of(pk)) == 1
    assert lines().count("device_type.not_needed") == 1
    assert set(selectors.active_types()) == {type_, big, pump}


def test_the_starter_types_are_loaded_once(world):
    DeviceTypeFactory(code="LAP-HD", name="自定")
    assert actions.load_starter_types() > 30
    assert actions.load_starter_types() == 0
    assert DeviceType.objects.get(code="LAP-HD").name == "自定"
    found = DeviceType.objects.get(code="LAP-P").needed_by.get()
    assert (found.technique, found.need) == (world.appendectomy, "required")


@pytest.fixture
def stocktake(world, device):
    DeviceFactory(owner=world.county, asset_number="SB-2")
    return actions.begin(institution=world.county, name="盘点", on=TODAY, by=world.manager)


def scan(stocktake, number, by, **more):
    values = {"at": timezone.now(), "by": by, **more}
    return actions.scan(stocktake=stocktake, number=str(number), **values)


def test_a_stocktake_finds_what_it_expects_and_more(world, device, stocktake):
    by = world.manager
    first = scan(stocktake, f"https://a/equipment/devices/q/{device.public_id}/", by, location="库")
    assert (first.is_new, first.line.is_expected, first.line.location) == (True, True, "库")
    assert not scan(stocktake, "A1", by).is_new
    assert selectors.last_seen(device.pk) == first.line
    shared = DeviceFactory(owner=world.township, asset_number="TS-1")
    foreign = scan(stocktake, "ts-1", by).line
    assert (foreign.is_expected, foreign.device) == (False, shared)
    fresh = DeviceFactory(owner=world.county, asset_number="SB-3")
    assert not scan(stocktake, "SB-3", by).line.is_expected
    for number in ("", "nothing", "SB-9"):
        assert (
            "number"
            in refused(
                ValidationError, scan, stocktake=stocktake, number=number, by=by
            ).message_dict
        )
    for name in ("a", "b"):
        DeviceFactory(owner=world.county, serial_number="S7", asset_number=name)
    twins = Device.objects.filter(serial_number="S7")
    refused(ValidationError, scan, stocktake=stocktake, number="S7", by=by)
    actions.retire(device=twins[0], retirement="worn", on=TODAY, by=by)
    assert scan(stocktake, "S7", by).line.device.retired_on is None
    actions.take_back(line=foreign, by=by)
    actions.take_back(line=first.line, by=by)
    assert stocktake.lines.missing().count() == 2
    assert not stocktake.lines.filter(device=shared).exists()
    assert stocktake.lines.filter(device=fresh).exists()


def test_a_closed_stocktake_is_over(world, device, stocktake):
    by, at = world.manager, timezone.now()
    refused(PermissionDenied, actions.close, stocktake=stocktake, at=at, by=world.county_doctor)
    begin = {"institution": world.county, "name": "二", "on": TODAY}
    refused(PermissionDenied, actions.begin, **begin, by=world.county_doctor)
    refused(ValidationError, actions.begin, **begin, by=by)
    with pytest.raises(StaleVersion):
        actions.close(stocktake=stocktake, at=at, by=by, version=7)
    row = actions.close(stocktake=stocktake, at=at, by=by, version=1)
    assert (row.closed_by, row.version) == (by, 2)
    assert AuditEntry.objects.get(action="stocktake.closed").data == {"missing": 2}
    refused(DomainError, scan, stocktake=stocktake, number="A1", by=by)


def test_who_sees_and_knows_a_device(world, device):
    own = DeviceFactory(owner=world.county, is_shared=False)
    seen = {user: set(Device.objects.visible_to(user)) for user in (
        world.county_doctor, world.doctor, world.office, world.outsider, world.auditor
    )}  # fmt: skip
    assert seen[world.county_doctor] == seen[world.office] == {device, own}
    assert seen[world.doctor] == {device}
    assert seen[world.outsider] == seen[world.auditor] == set()
    assert policies.knows(world.qc, own)
    assert not policies.knows(world.doctor, device)
    world.county.memberships.update(valid_until=TODAY)
    assert not Device.objects.visible_to(world.doctor).exists()
    assert not Device.objects.visible_to(world.office).exists()
    assert selectors.alliance_of(world.county.pk, TODAY) is None


def test_an_alliance_shares_what_its_members_share(world, device):
    DeviceFactory(owner=world.county, is_shared=False)
    DeviceFactory(owner=world.outside)
    retired = DeviceFactory(owner=world.township, retired_on=TODAY, retirement="worn")
    found = selectors.shared_devices(world.alliance.pk, TODAY)
    assert list(found.values_list("pk", "alliance_id")) == [(device.pk, world.alliance.pk)]
    before = selectors.shared_devices(world.alliance.pk, TODAY - timedelta(days=1))
    assert set(before) == {device, retired}
    assert selectors.alliance_of(world.county.pk, TODAY) == world.alliance


def test_age_counts_from_the_purchase(world):
    on = date(2026, 11, 22)

    def aged(since, bought=None):
        DeviceFactory(owner=world.county, in_use_from=since, purchased_on=bought)

    aged(date(2018, 11, 22))
    aged(date(2026, 1, 1), bought=date(2009, 1, 1))
    aged(date(2027, 1, 1))
    assert Device.objects.older_than(8, on).count() == 1
    assert Device.objects.older_than(8, on + timedelta(days=1)).count() == 2
    assert Device.objects.past_life(on).count() == 0


def counting(user, device):
    """This room's own panel, among those that rooms above hang up."""
    found = panels_for(user, device, timezone.now())
    return [panel for panel in found if panel.title == "Stock-take"]


def test_a_panel_concerns_who_counts_while_they_count(world, device, stocktake):
    (panel,) = counting(world.manager, device)
    assert panel.acts[0].values == {"number": str(device.public_id)}
    assert counting(world.doctor, device) == []
    scan(stocktake, "A1", world.manager)
    (panel,) = counting(world.manager, device)
    assert (panel.acts, panel.tone) == ([], "good")
    own = DeviceFactory(owner=world.township)
    assert counting(world.township_manager, own) == []


def test_nothing_asked_finds_all_and_files_of_types_are_the_offices(world, device):
    assert set(Device.objects.search(" ")) == {device}
    refused(PermissionDenied, actions.plan_types, rows=[], by=world.manager)
