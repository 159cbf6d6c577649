"""When devices are free: held against counting by hand, and as cheap for many as for one."""

import random
from datetime import timedelta

import pytest
from django.utils import timezone

from alliance.notices.choices import EMAIL_BY_DEFAULT
from alliance.notices.models import Notice
from equipment import selectors as equipment
from equipment.bookings import actions, notices, selectors
from equipment.bookings.errors import Free
from equipment.bookings.models import (
    BookedDevice,
    BookedPerson,
    Booking,
    BookingEvent,
    BookingRefusal,
    BookingSeries,
)
from equipment.devices.models import Stocktake
from equipment.service.models import Outage
from tests.factories.alliance import PractitionerFactory, staff
from tests.factories.bookings import HOUR, bare, lent, soon
from tests.factories.devices import DeviceFactory, DeviceTypeFactory, needed

pytestmark = pytest.mark.django_db
STEP = timedelta(minutes=15)


def free(device, since, until, minutes=60):
    """As other apps ask: by the door that `equipment` opens to them."""
    slots = equipment.free_slots([device.pk], since=since, until=until, minutes=minutes)
    return [(slot.starts_at, slot.ends_at) for slot in slots[device.pk]]


def test_what_is_left_of_a_day(world):
    """Shared from 7 to 22; taken from 10 to 12, with set-up before and cleaning after."""
    device, start = lent(world), soon()
    day = (start - 10 * HOUR, start + 14 * HOUR)
    assert free(device, *day) == [(start - 3 * HOUR, start + 12 * HOUR)]
    row = bare(world, device=device)
    before = (start - 3 * HOUR, start - timedelta(minutes=45))
    after = (start + 2 * HOUR + timedelta(minutes=45), start + 12 * HOUR)
    assert free(device, *day) == [before, after]
    assert free(device, *day, minutes=180) == [after]
    Outage.objects.create(
        device=device, reason="fault", starts_at=start + 9 * HOUR, ends_at=start + 10 * HOUR
    )
    assert free(device, *day) == [
        before,
        (after[0], start + 9 * HOUR - timedelta(minutes=30)),
        (start + 10 * HOUR + timedelta(minutes=15), start + 12 * HOUR),
    ]
    Booking.objects.filter(pk=row.pk).update(status="cancelled")
    Outage.objects.create(device=device, reason="recall", starts_at=start)
    assert free(device, *day) == [(start - 3 * HOUR, start - timedelta(minutes=30))]
    assert free(device, day[1], day[0]) == []
    assert selectors.free_slots([], since=day[0], until=day[1], minutes=5) == {}


def test_every_quarter_is_free_exactly_where_it_could_be_booked(world):
    """Counted by hand over three days of invented bookings."""
    chance = random.Random(7)  # noqa: S311 - the same every time
    device = lent(world, setup_minutes=10, cleaning_minutes=20)
    start = soon(3, 0)
    blocks = []
    for _ in range(40):
        begins = start + chance.randrange(280) * STEP
        ends = begins + chance.randrange(1, 12) * STEP
        block = (begins - timedelta(minutes=10), ends + timedelta(minutes=20))
        if all(block[1] <= since or until <= block[0] for since, until in blocks):
            blocks.append(block)
            bare(
                world, device=device, starts_at=begins, ends_at=ends, hours=0,
                operator=PractitionerFactory(institution=world.township),
            )  # fmt: skip
    found = free(device, start, start + timedelta(days=3), minutes=15)
    for number in range(3 * 96):
        use = (start + number * STEP, start + (number + 1) * STEP)
        block = (use[0] - timedelta(minutes=10), use[1] + timedelta(minutes=20))
        apart = all(block[1] <= since or until <= block[0] for since, until in blocks)
        local = timezone.localtime(use[0])
        is_open = local.hour >= 7 and local.hour < 22
        offered = any(since <= use[0] and use[1] <= until for since, until in found)
        assert offered is (apart and is_open), use


def test_four_queries_however_many(world, django_assert_max_num_queries):
    devices = [lent(world).pk for _ in range(30)]
    bare(world)
    Outage.objects.create(device_id=devices[0], reason="fault", starts_at=soon())
    with django_assert_max_num_queries(4):
        found = selectors.free_slots(
            devices, since=soon(), until=soon(9), minutes=60, alliance_id=world.alliance.pk
        )
    assert (len(found), found[devices[0]]) == (30, [])


def test_the_next_time_of_any_and_of_all(world):
    one, two = lent(world), lent(world)
    start = soon(3)
    bare(world, device=one, starts_at=start)
    person = PractitionerFactory(institution=world.township)
    bare(world, device=two, starts_at=start + 3 * HOUR, operator=person)
    values = {"after": start, "minutes": 60}
    any_ = selectors.next_free([one.pk, two.pk], **values)
    assert any_[0] == Free((two.pk,), start, start + HOUR)
    all_ = selectors.next_free([one.pk, two.pk], **values, together=True)
    both = start + 5 * HOUR + timedelta(minutes=45)
    assert all_[0] == Free((one.pk, two.pk), both, both + HOUR)
    busy = selectors.next_free([two.pk], **values, people=[world.practitioner.pk])
    assert busy == [] or busy[0].starts_at >= start + 2 * HOUR


def test_search_for_a_technique_within_an_area(world):
    kind = DeviceTypeFactory(code="knife", name="超声刀")
    helpful = DeviceTypeFactory(code="lamp", name="无影灯")
    needed(kind, world.debridement)
    needed(helpful, world.debridement, "helpful")
    world.county2.division_code = "330200"
    world.county2.save()
    lamp = lent(world, type=helpful)
    near, own = lent(world, type=kind), DeviceFactory(owner=world.township, type=kind)
    far = DeviceFactory(owner=world.county2, type=kind)
    full = lent(world, type=kind)
    Outage.objects.create(device=full, reason="fault", starts_at=soon(0))
    hidden = DeviceFactory(owner=world.county, type=kind, is_shared=False)

    def found(**more):
        rows = selectors.offers(
            world.doctor, institution=world.township, alliance=world.alliance, since=soon(),
            until=soon(9), minutes=60, at=timezone.now(), **more,
        )  # fmt: skip
        return [one.device for one in rows]

    assert found(technique=world.debridement) == [own, near, far, lamp, full]
    assert found(technique=world.debridement, area="3301") == [own, near, lamp, full]
    assert found(type_=helpful) == [lamp]
    assert found(technique=world.debridement, limit=1) == [own]
    assert hidden not in found()
    # What the last closed stock-take looked for in vain is missing, until one finds it.
    now, by = timezone.now(), world.manager
    closed = [
        Stocktake.objects.create(institution=world.county, name=f"{days}", begun_on=now.date(), begun_by=by, closed_at=now - timedelta(days=days), closed_by=by)
        for days in (9, 3)
    ]  # fmt: skip
    counting = Stocktake.objects.create(
        institution=world.county, name="open", begun_on=now.date(), begun_by=by
    )
    for device, before, last, today in (
        (near, False, True, False), (lamp, True, False, False), (full, True, False, True),
    ):  # fmt: skip
        for row, is_found in ((closed[0], before), (closed[1], last), (counting, today)):
            at = row.closed_at or now
            seen = {"found_at": at - timedelta(hours=1), "found_by": by} if is_found else {}
            row.lines.create(device=device, **seen)
    told = {one.pk: one.is_missing for one in found(technique=world.debridement)}
    assert told == {own.pk: False, near.pk: False, far.pk: False, lamp.pk: True, full.pk: False}
    alone = selectors.bookable(
        world.doctor, institution=world.township, alliance=None, at=timezone.now()
    )
    assert list(alone) == [own]


def test_a_dry_run_says_the_same_and_stores_nothing(world):
    device = lent(world)
    values = {
        "devices": [device], "institution": world.township, "operator": world.practitioner,
        "technique": None, "starts_at": soon(), "ends_at": soon(2, 11), "by": world.doctor,
        "at": timezone.now(),
    }  # fmt: skip
    assert selectors.why_not(actions.ask(**values)) == []
    bare(world, device=device)
    found = selectors.why_not(actions.ask(**values))
    assert [one.code for one in found] == ["taken", "operator_busy"]
    assert Booking.objects.count() == 1


def test_what_comes_next(world):
    device = lent(world)
    late, soon_ = bare(world, device=device, starts_at=soon(4)), bare(world, device=device)
    bare(world, device=device, starts_at=soon(3), status="cancelled")
    now = timezone.now()
    assert selectors.next_of([device.pk], at=now) == {device.pk: soon_}
    assert selectors.next_of([device.pk], at=soon(3)) == {device.pk: late}
    assert selectors.last_conditions([device.pk]) == {}


def test_rows_are_seen_by_both_houses_the_people_and_overseers(world):
    guest = PractitionerFactory(institution=world.county2)
    row = bare(world, mentor=guest)
    row.events.create(act="book", target="confirmed", at=timezone.now())
    user = staff("doctor", institution=world.county2, practitioner=guest)
    for reader in (world.doctor, world.manager, world.office, world.qc, user):
        assert list(Booking.objects.visible_to(reader)) == [row]
        for part in (BookedDevice, BookedPerson, BookingEvent):
            assert part.objects.visible_to(reader).filter(booking=row).exists()
    for stranger in (world.township2_doctor, world.outsider, world.auditor, world.county2_liaison):
        assert not Booking.objects.visible_to(stranger).exists()
    BookedDevice.objects.update(needs_approval=True)
    Booking.objects.update(status="requested")
    assert list(Booking.objects.waiting_for(world.manager)) == [row]
    assert list(Booking.objects.of_devices_kept_by(world.manager)) == [row]
    assert not Booking.objects.waiting_for(world.township_manager).exists()
    assert list(Booking.objects.meeting(row.starts_at, row.ends_at)) == [row]
    assert not Booking.objects.meeting(row.ends_at, row.ends_at + HOUR).exists()


def test_refusals_and_series_are_seen_by_whom_they_concern(world):
    device, house = lent(world), {"institution": world.township, "alliance": world.alliance}
    series = BookingSeries.objects.create(**house, every="7", count=2, created_by=world.doctor)
    refusal = BookingRefusal.objects.create(
        **house, device=device, type=device.type, codes=["taken"], starts_at=soon(),
        ends_at=soon(3), by=world.doctor, at=timezone.now(),
    )  # fmt: skip
    for reader, sees in [(world.doctor, True), (world.office, True), (world.outsider, False)]:
        assert list(BookingSeries.objects.visible_to(reader)) == [series] * sees
        assert list(BookingRefusal.objects.visible_to(reader)) == [refusal] * sees
    assert list(BookingRefusal.objects.visible_to(world.manager)) == [refusal]


@pytest.mark.parametrize(
    ("act", "by", "hear"),
    [
        ("book", "doctor", {"keeper": "booking.requested"}),
        ("approve", "keeper", {"doctor": "booking.approve"}),
        ("cancel", "doctor", {"keeper": "booking.cancel"}),
        ("affect", None, {"doctor": "booking.affect"}),
        ("mentor_no", "keeper", {"doctor": "booking.mentor_no"}),
        ("check_in", "doctor", {}),
    ],
)
def test_who_hears_of_it(world, monkeypatch, act, by, hear):
    keeper = staff("equipment_keeper", institution=world.county)
    people = {"doctor": world.doctor, "keeper": keeper}
    device = lent(world, needs_approval=True)
    row = bare(world, device=device, status="requested" if act == "book" else "confirmed")
    row.lines.update(needs_approval=True)
    event = row.events.create(
        act=act, target=row.status, by=people.get(by), at=timezone.now(), reason="停电"
    )
    sent = []
    monkeypatch.setattr(notices, "notify", lambda **told: sent.append(told))
    monkeypatch.setattr(Booking, "get_absolute_url", lambda booking: "/")
    notices.tell(event_id=event.pk)
    heard = {name: one["text_key"] for name, who in people.items() for one in sent
             if who.pk in one["user_ids"]}  # fmt: skip
    assert heard == hear
    # What cannot wait goes out by e-mail unless somebody chose otherwise.
    urgent = {"booking.requested", "booking.affect", "booking.mentor_no"}
    assert {one["text_key"] for one in sent if one["kind"] in EMAIL_BY_DEFAULT} == urgent & {
        *hear.values()
    }
    assert all(one["values"]["device"].startswith(device.name) for one in sent)


def test_of_several_devices_only_what_failed_is_told_to_be_away(world):
    row = bare(world, device=lent(world))
    line = row.lines.get()
    line.pk, line.device = None, DeviceFactory(owner=world.county, name="气腹机")
    line.save(force_insert=True)
    lines, now = list(row.lines.order_by("pk")), timezone.now()
    assert selectors.lines_away(lines, at=now) == lines
    Outage.objects.create(device=line.device, reason="fault", starts_at=now)
    assert selectors.lines_away(lines, at=now) == lines[1:]
    event = row.events.create(act="affect", target=row.status, at=now)
    notices.tell(event_id=event.pk)
    told = Notice.objects.get(user=world.doctor).values
    assert told["device"] == notices.named(line.device)


def test_a_device_is_free_while_it_stands_on_the_register(world):
    """From the midnight it came into use until that of the day it is retired."""
    first, last = soon(3).date(), soon(5).date()
    device = DeviceFactory(
        owner=world.county, in_use_from=first, retired_on=last, retirement="worn"
    )
    found = selectors.free_slots(
        [device.pk], since=soon(1), until=soon(8), minutes=60, alliance_id=world.alliance.pk
    )
    assert {slot.starts_at.astimezone().date() for slot in found[device.pk]} == {
        first, first + timedelta(days=1),
    }  # fmt: skip
