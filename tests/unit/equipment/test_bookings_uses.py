"""After booking: cancelled, used, given back, repeated, left unanswered."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from alliance.core import idempotency
from alliance.core.errors import DomainError, TransitionNotAllowed
from equipment.bookings import actions, consequences, judging, rules, selectors
from equipment.bookings.actions import booking, watching
from equipment.bookings.choices import Move
from equipment.bookings.errors import Instead
from equipment.bookings.models import BookedDevice, Booking, BookingRefusal, BookingSeries
from equipment.bookings.promises.selectors import held_by
from equipment.bookings.waiting.actions import join_list
from equipment.service.models import Outage
from tests.factories import bookings as make
from tests.factories import bookings_waiting as queue
from tests.factories.bookings import HOUR, another, booked, lent, refused, soon
from tests.factories.devices import DeviceFactory
from tests.factories.privileges import bare as privilege
from training.logbook.models import Case

pytestmark = pytest.mark.django_db
NOW = soon(0, 9)


@pytest.fixture(autouse=True)
def practising(world):
    """The township's doctor may operate, as far as a test does not say otherwise."""
    return make.may_operate(world)


@pytest.mark.parametrize(
    ("case", "hours_before", "is_late"),
    [
        ("booker", 25, False),
        ("booker", 24, False),
        ("booker", 23, True),
        ("slip", 1, False),
        ("keeper", 1, False),
        ("request", 1, False),
        ("affected", 1, False),
        ("own", 1, False),
        ("held_up", 1, False),
        ("waited_for", 4, False),
        ("waited_in_vain", 4, True),
    ],
)
def test_a_late_cancellation_counts(world, case, hours_before, is_late):
    owner = world.township if case == "own" else world.county
    device = DeviceFactory(owner=owner, needs_approval=case == "request")
    row = booked(world, device=device)
    if case == "affected":
        Booking.objects.filter(pk=row.pk).update(affected_at=NOW, affected_code="fault")
    if case == "held_up":
        late = make.bare(world, starts_at=soon(1), operator=another(world))
        Booking.objects.filter(pk=row.pk).update(held_up_at=NOW, held_up_by=late)
    if case.startswith("waited"):
        minutes = 60 if case == "waited_for" else 180
        queue.waiting(world, device=device, operator=another(world), minutes=minutes)
    by = world.manager if case == "keeper" else world.doctor
    at = row.starts_at - hours_before * HOUR
    if case == "slip":
        Booking.objects.filter(pk=row.pk).update(created_at=at - timedelta(minutes=14))
    row.refresh_from_db()
    # What it costs is told before, and holds.
    assert bool(consequences.warning(row, by, at)) == is_late
    row = actions.cancel(booking=row, reason="患者退号", by=by, at=at)
    assert (row.status, row.is_late, row.lines.get().is_live) == ("cancelled", is_late, False)


def test_what_cancelling_costs_is_told_with_its_numbers(world):
    row = booked(world)
    at = row.starts_at - HOUR
    words = consequences.warning(row, world.doctor, at)
    told = "Less than 24 hours", "has 0 in the last 90 days", "with 3,", "for 14 days"
    assert [part for part in told if part not in words] == []
    actions.cancel(booking=row, reason="患者退号", by=world.doctor, at=at)
    assert "has 1 in the last 90 days" in consequences.counted(row, at)
    make.setting(world, "strikes_most", 0)
    assert consequences.counted(row, at) == ""


def test_what_an_exchange_costs_is_told_before_and_holds(world):
    row = booked(world)
    assert consequences.change_warning(row, world.doctor, row.starts_at - 25 * HOUR) == ""
    at = row.starts_at - HOUR
    assert "unless the new time overlaps" in consequences.change_warning(row, world.doctor, at)
    asked = {"by": world.doctor, "at": at}
    shifted = actions.rebook(booking=row, starts_at=row.starts_at + HOUR, **asked)
    moved = actions.rebook(booking=shifted, starts_at=shifted.ends_at, **asked)
    assert (shifted.replaces, moved.replaces) == (row, shifted)
    found = [(one.status, one.is_late) for one in Booking.objects.order_by("pk")]
    assert found == [("cancelled", False), ("cancelled", True), ("confirmed", False)]


def test_nobody_walks_out_of_the_notice_step_by_step(world, django_assert_num_queries):
    row = booked(world)
    start, half = row.starts_at, timedelta(minutes=30)

    def shift(row, hours_before, by):
        at = start - hours_before * HOUR
        return actions.rebook(booking=row, by=world.doctor, at=at, starts_at=row.starts_at + by)

    near = shift(shift(row, 30, HOUR), 25, half)
    at = start - 23 * HOUR
    assert "old start" in consequences.change_note(near, world.doctor, start - 25 * HOUR)
    assert consequences.change_note(near, world.doctor, start - 48 * HOUR) == ""
    words = consequences.warning(near, world.doctor, at)
    assert "It was shifted from" in words
    with django_assert_num_queries(1):
        held = held_by(near)
    assert (len(held.times), held.starts_at, held.made_at) == (3, start, row.created_at)
    # Still in the notice of its new time, but out of that of the first.
    assert actions.rebook(
        booking=near, by=world.doctor, at=at, starts_at=start + 8 * HOUR
    ).replaces.is_late
    # What was counted is paid for: it begins anew.
    last = Booking.objects.latest("pk")
    assert held_by(last).times == [rules.period(last.starts_at, last.ends_at)]
    last = shift(last, 20, HOUR)
    last.events.create(act="move", target="confirmed", at=at)
    assert len(held_by(last).times) == 1


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
    with CaptureQueriesContext(connection) as asked:
        row = actions.check_in(booking=row, by=world.doctor, at=row.starts_at - HOUR, version=1)
    # Who begins with the same device at the same moment waits for it, and is told.
    held = [one["sql"].split('"')[1] for one in asked if " FOR NO KEY UPDATE" in one["sql"]]
    assert held == ["devices_device", "bookings_booking"]
    assert (row.status, row.used_from, row.version) == ("in_use", row.starts_at - HOUR, 2)
    with pytest.raises(TransitionNotAllowed):
        actions.check_in(booking=row, by=world.doctor, at=row.starts_at)


@pytest.mark.parametrize(
    ("now", "mentor", "word", "code"),
    [
        ({"valid_until": date(2026, 1, 2)}, False, "", "not_privileged"),
        ({"level": "supervised"}, False, "", "needs_mentor"),
        ({"level": "supervised"}, True, "", "mentor_unfit"),
        ({"level": "supervised"}, True, "declined", "needs_mentor"),
    ],
)
def test_a_use_does_not_begin_by_who_may_not_any_more(world, practising, now, mentor, word, code):
    """A privilege that was suspended or lowered since it was booked."""
    row = booked(world)
    teacher = world.county_doctor.practitioner
    if word:
        privilege(
            world, practitioner=teacher, technique=world.debridement, institution=world.county
        )
    Booking.objects.update(mentor=teacher if mentor else None, mentor_word=word)
    type(practising).objects.filter(pk=practising.pk).update(**now)
    with pytest.raises(DomainError) as caught:
        actions.check_in(booking=row, by=world.manager, at=row.starts_at)
    assert (caught.value.code, caught.value.details) == ("may_not_operate", {"codes": [code]})


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
    nothing = judging.Claims(frozenset(), frozenset())
    monkeypatch.setattr("equipment.bookings.judging.claims_on", lambda asked: nothing)
    with refused("taken"):
        booked(world, device=device, operator=another(world))
    with refused("operator_busy"):
        booked(world)
    assert BookedDevice.objects.count() == 1


def test_bookings_follow_a_merged_patient(world):
    from tests.worlds import patient

    kept, merged = patient(world, 1), patient(world, 2, name="王小花")
    row = booked(world, patient=merged)
    entry = queue.waiting(world, patient=merged)
    actions.repoint_patient(kept_id=kept.pk, merged_id=merged.pk)
    assert Booking.objects.get(pk=row.pk).patient == kept
    entry.refresh_from_db()
    assert entry.patient == kept
    # Who asks with an entry that was merged since is given the one that stands.
    type(merged).objects.filter(pk=merged.pk).update(merged_into=kept)
    assert booked(world, patient=merged, starts_at=soon(4)).patient == kept
    with queue.nothing_free():
        entry = join_list(
            institution=world.township, by=world.doctor, at=NOW, device=entry.device, minutes=60,
            operator=world.practitioner, wanted_from=soon(5, 8), wanted_until=soon(5, 18),
            patient=merged,
        )  # fmt: skip
    assert entry.patient == kept
