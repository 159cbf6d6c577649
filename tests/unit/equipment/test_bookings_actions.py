"""Booking and what follows: granted, refused with what would work, approved, given back."""

from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from alliance.core import idempotency
from alliance.core.errors import DomainError, StaleVersion, TransitionNotAllowed
from alliance.core.models import AuditEntry, OutboxMessage, PolicySetting
from equipment.bookings import actions, policies, selectors
from equipment.bookings.actions import booking, watching
from equipment.bookings.choices import Move
from equipment.bookings.errors import BookingRefused, Instead
from equipment.bookings.models import BookedDevice, Booking, BookingRefusal, BookingSeries
from equipment.bookings.signals import bookings_changed
from equipment.devices.signals import device_availability_changed
from equipment.service.models import Outage
from tests.factories import bookings as make
from tests.factories.alliance import LONG_AGO, PractitionerFactory, staff
from tests.factories.bookings import HOUR, booked, lent, soon
from tests.factories.devices import DeviceFactory, DeviceTypeFactory, needed
from tests.factories.privileges import bare as privilege
from training.logbook.models import Case

pytestmark = pytest.mark.django_db
NOW = soon(0, 9)


@pytest.fixture(autouse=True)
def practising(world):
    """The township's doctor may operate, as far as a test does not say otherwise."""
    return make.may_operate(world)


def setting(world, key, value):
    PolicySetting.objects.create(
        alliance=world.alliance, key=f"bookings.{key}", value=value, effective_from=LONG_AGO,
        source="test",
    )  # fmt: skip


@contextmanager
def refused(*codes):
    with pytest.raises(BookingRefused) as caught:
        yield caught
    assert caught.value.codes == list(codes)


@contextmanager
def heard():
    """What other rooms hear meanwhile."""
    found = []

    def listen(sender, booking_ids, act, referral_numbers, **kwargs):
        found.append((booking_ids, act, referral_numbers))

    bookings_changed.connect(listen)
    try:
        yield found
    finally:
        bookings_changed.disconnect(listen)


def another(world):
    """A second doctor of the township who may operate there."""
    person = PractitionerFactory(institution=world.township)
    make.may_operate(world, practitioner=person)
    return person


def test_a_booking_holds_device_and_operator(world):
    with heard() as news:
        row = booked(world, referral_number=" ZZ1 ", note=" 备注 ")
    line, person = row.lines.get(), row.people.get()
    assert (row.status, row.alliance, row.place) == ("confirmed", world.alliance, world.township)
    assert (row.referral_number, row.note, row.is_supervised) == ("ZZ1", "备注", False)
    assert line.block_from == row.starts_at - timedelta(minutes=15)
    assert line.block_until == row.ends_at + timedelta(minutes=30)
    assert (person.practitioner, person.role) == (world.practitioner, "operator")
    assert row.events.get().act == "book"
    assert news == [([row.pk], "book", ["ZZ1"])]
    assert AuditEntry.objects.filter(action="booking.book").exists()
    assert OutboxMessage.objects.filter(topic="bookings.event").exists()


def test_who_does_not_book_for_a_house_may_not(world):
    with pytest.raises(PermissionDenied):
        booked(world, by=world.county_doctor)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        (lambda w: {"devices": []}, "devices"),
        (lambda w: {"place": w.tertiary}, "place"),
        (lambda w: {"mentor": w.practitioner}, "mentor"),
        (lambda w: {"mentor": PractitionerFactory(is_active=False)}, "mentor"),
        (lambda w: {"operator": w.county_doctor.practitioner}, "operator"),
    ],
)
def test_what_makes_no_sense_is_told_at_its_field(world, change, field):
    with pytest.raises(ValidationError) as caught:
        booked(world, **change(world))
    assert list(caught.value.message_dict) == [field]


def test_a_guest_may_operate_where_they_are_registered(world):
    guest = PractitionerFactory(institution=world.county)
    guest.sites.create(institution=world.township, valid_from=LONG_AGO)
    make.may_operate(world, practitioner=guest)
    assert booked(world, operator=guest).status == "confirmed"


def test_the_loser_gets_the_next_free_time(world):
    row = booked(world)
    device = row.lines.get().device
    twin = lent(world)
    with refused("taken") as caught:
        booked(world, device=device, operator=another(world), starts_at=row.starts_at + HOUR)
    first = caught.value.details["alternatives"][0]
    assert first["devices"] == [str(device.public_id)]
    # After the other's use come cleaning and one's own set-up.
    again = row.ends_at + timedelta(minutes=45)
    assert caught.value.instead.times[0].starts_at == again
    assert caught.value.instead.devices == [twin]
    assert booked(world, device=device, operator=another(world), starts_at=again)
    kept = BookingRefusal.objects.get()
    assert (kept.codes, kept.device, kept.institution) == (["taken"], device, world.township)
    assert Booking.objects.count() == 2


def test_every_reason_is_told_at_once(world):
    mine = booked(world)
    device = DeviceFactory(owner=world.county, is_shared=False)
    Outage.objects.create(device=device, reason="fault", starts_at=NOW, note="漏气")
    with refused("too_long", "closed", "not_shared", "out", "operator_busy") as caught:
        booked(world, device=device, starts_at=mine.starts_at, hours=14)
    assert "漏气" in caught.value.message
    assert all(reason["next_step"] for reason in caught.value.details["reasons"])
    assert caught.value.details["reasons"][3]["device"] == str(device.public_id)


def test_a_refusal_within_anothers_transaction_is_kept_by_the_door(world):
    booked(world)
    device = lent(world)
    with refused("operator_busy"), actions.refusals_kept(), transaction.atomic():
        booked(world, device=device)
    assert BookingRefusal.objects.get().codes == ["operator_busy"]


@pytest.mark.parametrize(
    ("level", "mentor", "codes"),
    [
        (None, None, ["not_privileged"]),
        ("supervised", None, ["needs_mentor"]),
        ("supervised", "none", ["mentor_unfit"]),
        ("supervised", "home", []),
        ("supervised", "there", []),
        ("independent", "none", []),
    ],
)
def test_who_may_operate_how(world, practising, level, mentor, codes):
    person = world.county_doctor.practitioner if mentor else None
    if mentor in ("home", "there"):
        house = world.county if mentor == "home" else world.township
        if mentor == "there":
            person.sites.create(institution=world.township, valid_from=LONG_AGO)
        privilege(world, technique=world.debridement, institution=house)
    if level:
        type(practising).objects.filter(pk=practising.pk).update(level=level)
    else:
        practising.delete()
    if codes:
        with refused(*codes):
            booked(world, mentor=person)
        return
    row = booked(world, mentor=person)
    assert row.is_supervised is (level == "supervised")
    assert row.people.count() == 2


def test_a_mentor_is_in_one_place(world):
    person = world.county_doctor.practitioner
    booked(world, mentor=person)
    with refused("mentor_busy"):
        booked(world, mentor=person, operator=another(world))


def test_a_type_is_for_its_techniques(world):
    kind = DeviceTypeFactory(code="other", name="超声刀")
    needed(kind, world.appendectomy)
    device = lent(world, type=kind)
    with refused("unfit"):
        booked(world, device=device)
    with refused("no_technique"):
        booked(world, device=device, technique=None)
    needed(kind, world.debridement)
    assert booked(world, device=device).technique == world.debridement
    assert booked(world, technique=None, starts_at=soon(5)).status == "confirmed"


def test_a_house_outside_shares_nothing(world):
    theirs = DeviceFactory(owner=world.outside)
    with refused("not_shared"):
        booked(world, device=theirs)
    with pytest.raises(ValidationError, match="no alliance"):
        booked(
            world, device=theirs, institution=world.outside, by=world.outsider, technique=None,
            operator=PractitionerFactory(institution=world.outside),
        )  # fmt: skip


def test_quotas_count_what_is_borrowed_this_week(world):
    setting(world, "quota_township", 1)
    start = timezone.localtime(soon(7))
    monday = start - timedelta(days=start.weekday())
    own = DeviceFactory(owner=world.township)
    booked(world, device=own, starts_at=monday)
    booked(world, starts_at=monday + 4 * HOUR)
    with refused("quota") as caught:
        booked(world, starts_at=monday + timedelta(days=1))
    assert caught.value.instead.times
    assert booked(world, device=own, starts_at=monday + timedelta(days=1))
    assert booked(world, starts_at=monday + timedelta(days=7))


def test_reserved_hours_are_the_townships(world):
    start = soon(8)
    setting(world, "reserved_weekday", str(start.weekday()))
    person = PractitionerFactory(institution=world.county2)
    values = {
        "device": lent(world), "starts_at": start, "institution": world.county2,
        "operator": person, "by": world.county2_liaison, "technique": None,
    }  # fmt: skip
    with refused("reserved"):
        booked(world, **values)
    assert booked(world, **values, at=start - 47 * HOUR)
    assert booked(world, starts_at=start)


def test_who_misses_too_many_is_blocked_and_may_be_excused(world):
    setting(world, "strikes_most", 2)
    keeper = staff("equipment_keeper", institution=world.county)
    rows = [make.bare(world, starts_at=soon(-day)) for day in (5, 6)]
    assert actions.mark_missed(at=timezone.now()) == 2
    assert actions.mark_missed(at=timezone.now()) == 0
    assert selectors.blocked_until(
        world.practitioner.pk, alliance_id=world.alliance.pk, at=timezone.now()
    ) == rows[0].starts_at + timedelta(days=14)
    with refused("blocked"):
        booked(world)
    with pytest.raises(PermissionDenied):
        actions.excuse(booking=rows[0], reason="停电", by=world.doctor, at=NOW)
    with pytest.raises(ValidationError):
        actions.excuse(booking=rows[0], reason=" ", by=keeper, at=NOW)
    row = actions.excuse(booking=rows[0], reason="停电", by=keeper, at=NOW, version=2)
    assert (row.is_excused, row.events.last().reason) == (True, "停电")
    with pytest.raises(DomainError, match="Nothing counts"):
        actions.excuse(booking=rows[0], reason="停电", by=world.office, at=NOW)
    assert booked(world).status == "confirmed"
    assert (
        selectors.blocked_until(
            world.practitioner.pk, alliance_id=world.alliance.pk, at=timezone.now()
        )
        is None
    )


def test_every_keeper_approves_their_own(world):
    theirs = DeviceFactory(owner=world.county2, needs_approval=True)
    ours = lent(world, needs_approval=True)
    row = booked(world, devices=[ours, theirs])
    assert row.status == "requested"
    with pytest.raises(PermissionDenied):
        actions.approve(booking=row, by=world.doctor, at=NOW)
    row = actions.approve(booking=row, by=world.manager, at=NOW, version=1)
    assert row.status == "requested"
    assert policies.rights(world.manager, row) == [Move.REFUSE, Move.CANCEL]
    with pytest.raises(DomainError, match="another keeper"):
        actions.approve(booking=row, by=world.manager, at=NOW)
    with pytest.raises(StaleVersion):
        actions.approve(booking=row, by=world.manager, at=NOW, version=1)
    keeper = staff("equipment_keeper", institution=world.county2)
    row = actions.approve(booking=row, by=keeper, at=NOW)
    assert row.status == "confirmed"
    with pytest.raises(TransitionNotAllowed):
        actions.approve(booking=row, by=keeper, at=NOW)


@pytest.mark.parametrize(
    ("rule", "needs", "keeps", "status"),
    [
        ("device", True, False, "requested"),
        ("device", False, False, "confirmed"),
        ("always", False, False, "requested"),
        ("never", True, False, "confirmed"),
        ("always", True, True, "confirmed"),
    ],
)
def test_when_a_keeper_is_asked(world, rule, needs, keeps, status):
    setting(world, "approval", rule)
    device = DeviceFactory(owner=world.township if keeps else world.county, needs_approval=needs)
    by = world.township_manager if keeps else world.doctor
    assert booked(world, device=device, by=by).status == status


def test_a_refused_request_frees_its_time(world):
    device = lent(world, needs_approval=True)
    row = booked(world, device=device)
    with pytest.raises(ValidationError):
        actions.refuse(booking=row, reason="", by=world.manager, at=NOW)
    row = actions.refuse(booking=row, reason="抢救占用", by=world.manager, at=NOW)
    assert (row.status, row.lines.get().is_live) == ("refused", False)
    assert booked(world, device=device).status == "requested"


@pytest.mark.parametrize(
    ("case", "hours_before", "is_late"),
    [
        ("booker", 25, False),
        ("booker", 24, False),
        ("booker", 23, True),
        ("keeper", 1, False),
        ("request", 1, False),
        ("affected", 1, False),
        ("own", 1, False),
    ],
)
def test_a_late_cancellation_counts(world, case, hours_before, is_late):
    owner = world.township if case == "own" else world.county
    device = DeviceFactory(owner=owner, needs_approval=case == "request")
    row = booked(world, device=device)
    if case == "affected":
        Booking.objects.filter(pk=row.pk).update(affected_at=NOW, affected_code="fault")
    by = world.manager if case == "keeper" else world.doctor
    at = row.starts_at - hours_before * HOUR
    row = actions.cancel(booking=row, reason="患者退号", by=by, at=at)
    assert (row.status, row.is_late, row.lines.get().is_live) == ("cancelled", is_late, False)


def test_strangers_cancel_nothing(world):
    with pytest.raises(PermissionDenied):
        actions.cancel(booking=booked(world), reason="x", by=world.township2_doctor, at=NOW)


def in_use(world, **more):
    row = booked(world, **more)
    return actions.check_in(booking=row, by=world.doctor, at=row.starts_at)


def test_a_use_begins_in_its_time(world):
    row = booked(world)
    for at, code in [
        (row.starts_at - timedelta(minutes=61), "too_early"),
        (row.ends_at, "too_late"),
    ]:
        with pytest.raises(DomainError) as caught:
            actions.check_in(booking=row, by=world.doctor, at=at)
        assert caught.value.code == code
    row = actions.check_in(booking=row, by=world.doctor, at=row.starts_at - HOUR, version=1)
    assert (row.status, row.used_from, row.version) == ("in_use", row.starts_at - HOUR, 2)
    with pytest.raises(TransitionNotAllowed):
        actions.check_in(booking=row, by=world.doctor, at=row.starts_at)


def test_a_use_does_not_begin_with_a_device_that_is_away(world):
    row = booked(world)
    device = row.lines.get().device
    outage = Outage.objects.create(device=device, reason="fault", starts_at=NOW)
    with pytest.raises(DomainError, match="not in service"):
        actions.check_in(booking=row, by=world.doctor, at=row.starts_at)
    outage.delete()
    before = booked(
        world, device=device, operator=another(world), starts_at=row.starts_at - 3 * HOUR
    )
    actions.check_in(booking=before, by=world.manager, at=before.starts_at)
    with pytest.raises(DomainError, match="last user"):
        actions.check_in(booking=row, by=world.doctor, at=row.starts_at)


def test_what_comes_back_early_is_free_early(world):
    row = in_use(world)
    device = row.lines.get().device
    at = row.starts_at + HOUR
    row = actions.check_out(
        booking=row, by=world.doctor, at=at, conditions={device.pk: ("limited", " 光源偏暗 ")},
        consumables=" 刀头 1 把 ", remark="顺利", version=2,
    )  # fmt: skip
    line = row.lines.get()
    assert (row.status, row.used_until, row.consumables) == ("completed", at, "刀头 1 把")
    assert (line.block_until, line.is_live) == (at + timedelta(minutes=30), True)
    assert row.people.get().ends_at == at
    seen = selectors.last_conditions([device.pk])
    assert (seen[device.pk].condition, seen[device.pk].condition_note) == ("limited", "光源偏暗")
    next_ = booked(
        world, device=device, starts_at=at + timedelta(minutes=45), at=at - timedelta(minutes=30)
    )
    assert next_.status == "confirmed"


def test_each_device_is_given_back_with_its_condition(world):
    row = in_use(world)
    for conditions in ({}, {row.lines.get().device_id: ("new", "")}):
        with pytest.raises(ValidationError, match="how you leave it"):
            actions.check_out(booking=row, by=world.doctor, at=row.ends_at, conditions=conditions)


def test_occurrences_are_booked_each_by_itself(world):
    device = lent(world)
    first = soon(7)
    booked(world, device=device, operator=another(world), starts_at=first + timedelta(days=7))
    values = {
        "devices": [device], "institution": world.township, "operator": world.practitioner,
        "technique": world.debridement, "starts_at": first, "ends_at": first + HOUR,
        "by": world.doctor, "at": NOW,
    }  # fmt: skip
    outcome = actions.book_series(every="7", count=3, **values)
    assert [row.starts_at for row in outcome.booked] == [first, first + timedelta(days=14)]
    assert [one.codes for one in outcome.refused] == [["taken"]]
    assert outcome.series.refusals.get().starts_at == first + timedelta(days=7)
    with refused("taken"):
        actions.book_series(every="14", count=2, **values)
    assert (BookingSeries.objects.count(), BookingRefusal.objects.count()) == (1, 2)
    for wrong in ({"every": "3", "count": 2}, {"every": "7", "count": 1}):
        with pytest.raises(ValidationError):
            actions.book_series(**wrong, **values)
    lonely = values | {"institution": world.outside, "by": world.outsider}
    with pytest.raises(ValidationError, match="no alliance"):
        actions.book_series(every="7", count=2, **lonely)


def test_a_device_fails_during_a_chain_of_bookings(world):
    device, other = lent(world), lent(world)
    chain = [booked(world, device=device, starts_at=soon(day)) for day in (2, 3, 4)]
    spared = booked(world, device=other, starts_at=soon(5))
    with heard() as news:
        outage = Outage.objects.create(
            device=device, reason="fault", starts_at=NOW, ends_at=chain[1].ends_at
        )
        device_availability_changed.send(sender=None, device_ids=[device.pk])
    assert news == [([chain[0].pk], "affect", []), ([chain[1].pk], "affect", [])]
    rows = Booking.objects.order_by("starts_at")
    marked = rows.values_list("affected_code", flat=True)
    assert list(marked) == ["fault", "fault", "", ""]
    Outage.objects.create(device=device, reason="recall", starts_at=NOW)
    device_availability_changed.send(sender=None, device_ids=[device.pk, other.pk])
    assert list(marked.all()) == ["fault", "fault", "recall", ""]
    assert spared.pk not in rows.exclude(affected_code="").values_list("pk", flat=True)
    # Who cancels now does so at no cost, and whoever does not is not blamed.
    actions.mark_missed(at=chain[0].starts_at + 2 * HOUR)
    missed = Booking.objects.get(pk=chain[0].pk)
    assert (missed.status, missed.is_excused) == ("no_show", True)
    # Another reason for the same is noted, and nobody is told again.
    outage.delete()
    assert actions.recheck_devices(device_ids=[device.pk], at=NOW) == 0
    assert list(marked.all()) == ["fault", "recall", "recall", ""]
    Outage.objects.all().delete()
    assert actions.recheck_devices(device_ids=[device.pk], at=NOW) == 2
    assert set(marked.filter(status="confirmed")) == {""}
    assert actions.recheck_devices(device_ids=[lent(world).pk], at=NOW) == 0


def test_one_device_away_is_enough(world):
    devices = [lent(world), lent(world)]
    row = booked(world, devices=devices)
    Outage.objects.create(device=devices[0], reason="fault", starts_at=NOW)
    assert actions.recheck_devices(device_ids=[devices[0].pk], at=NOW) == 1
    row.refresh_from_db()
    assert (row.affected_code, row.affected_at) == ("fault", NOW)


def test_what_somebody_else_ended_meanwhile_is_let_be(world):
    row = booked(world)
    assert watching._end(row.pk, Booking.objects.none(), Move.NO_SHOW, NOW) == 0


def test_an_end_before_the_start_is_the_only_reason_told(world):
    with refused("period") as caught:
        booked(world, hours=-1)
    assert caught.value.instead == Instead()


def test_what_another_transaction_undoes_is_not_kept(world):
    """Without a door around it, nothing can be stored any more."""
    booked(world)
    device = lent(world)

    def perform():
        return {"id": booked(world, device=device).pk}

    with refused("operator_busy"):
        idempotency.once(scope="x", key="x", body={}, perform=perform)
    assert not BookingRefusal.objects.exists()


def test_a_fault_of_ours_stays_one(world):
    with pytest.raises(IntegrityError, match="another rule"):
        booking._lost(None, None, IntegrityError("another rule"))


def test_a_case_is_the_operators_own(world):
    row = in_use(world)
    values = {
        "booking": row, "by": world.doctor, "at": row.ends_at,
        "conditions": {row.lines.get().device_id: ("good", "")},
    }  # fmt: skip
    with pytest.raises(ValidationError, match="another operator"):
        actions.check_out(**values, case=Case(operator=world.county_doctor.practitioner))
    # A device that has left the register meanwhile says no more about itself.
    type(row.lines.get().device).objects.update(retired_on=NOW.date(), retirement="worn")
    assert actions.check_out(**values).status == "completed"


def test_unanswered_requests_lapse(world):
    device = lent(world, needs_approval=True)
    row = booked(world, device=device, starts_at=soon(5))
    assert actions.lapse_requests(at=timezone.now() + 47 * HOUR) == 0
    Booking.objects.filter(pk=row.pk).update(created_at=NOW - timedelta(days=9))
    assert actions.lapse_requests(at=timezone.now()) == 1
    assert Booking.objects.get(pk=row.pk).status == "lapsed"
    assert actions.lapse_requests(at=timezone.now()) == 0


def test_what_slipped_past_the_locks_is_told_alike(world, monkeypatch):
    """The constraints have the last word; whoever loses there loses like everybody else."""
    row = booked(world)
    device = row.lines.get().device
    monkeypatch.setattr("equipment.bookings.judging.taken", lambda devices, period: [])
    with refused("taken"):
        booked(world, device=device, operator=another(world))
    monkeypatch.setattr("equipment.bookings.judging._bound", lambda asked: [])
    with refused("operator_busy"):
        booked(world)
    assert BookedDevice.objects.count() == 1


def test_bookings_follow_a_merged_patient(world):
    from tests.worlds import patient

    kept, merged = patient(world, 1), patient(world, 2, name="王小花")
    row = booked(world, patient=merged)
    actions.repoint_patient(kept_id=kept.pk, merged_id=merged.pk)
    assert Booking.objects.get(pk=row.pk).patient == kept
