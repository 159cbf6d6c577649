"""Devices that are not given back in time: who hears of it, and where the next booking goes."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from alliance.core import outbox
from alliance.core.errors import DomainError, StaleVersion
from alliance.notices.models import Notice
from equipment.bookings import actions as bookings
from equipment.bookings import tasks
from equipment.bookings.models import BookedDevice, Booking
from equipment.bookings.overruns import actions, rules, selectors
from equipment.bookings.overruns.rules import Busy
from equipment.devices.models import Device
from equipment.service.models import Outage
from tests.factories import bookings as make
from tests.factories import bookings_waiting as queue
from tests.factories.alliance import PractitionerFactory
from tests.factories.bookings import HOUR, soon

MINUTE = timedelta(minutes=1)
TEN = datetime(2026, 11, 23, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("busy", "expected"),
    [
        ([], [TEN, TEN + HOUR]),
        ([Busy(TEN - HOUR, TEN)], [TEN, TEN + HOUR]),
        ([Busy(TEN - HOUR, TEN, before=15 * MINUTE)], [TEN + 15 * MINUTE, TEN + 75 * MINUTE]),
        ([Busy(TEN + HOUR, TEN + 2 * HOUR, after=MINUTE)], [TEN + 2 * HOUR, TEN + 3 * HOUR]),
        ([Busy(TEN, TEN + HOUR + MINUTE)], [TEN + 65 * MINUTE, TEN + 125 * MINUTE]),
        ([Busy(TEN, TEN + 20 * HOUR)], []),
    ],
)
def test_the_first_times_from_which_a_use_fits(busy, expected):
    found = rules.starts(
        after=TEN - 3 * MINUTE + 2 * MINUTE, until=TEN + 9 * HOUR, length=HOUR, busy=busy, limit=2
    )
    assert found == expected


@pytest.mark.parametrize(
    ("at", "due"),
    [(TEN - MINUTE, False), (TEN, False), (TEN + 10 * MINUTE, True), (TEN + HOUR, True)],
)
def test_the_next_hears_once_the_time_is_over_and_theirs_is_near(at, due):
    """Booked until ten; the next is due at half past and hears twenty minutes before."""
    next_from = TEN + 30 * MINUTE
    told = rules.is_due(ends_at=TEN, next_from=next_from, at=at, warning=20 * MINUTE)
    assert told is due


@pytest.fixture
def device(world):
    return make.lent(world)


@pytest.fixture
def late(world, device):
    """In use from eight, booked until ten."""
    began = soon(hour=8)
    return make.bare(
        world, device=device, starts_at=began, status="in_use", used_from=began,
        operator=PractitionerFactory(institution=world.township),
    )  # fmt: skip


@pytest.fixture
def coming(world, device, late):
    """Due a quarter before eleven, for two hours."""
    return make.bare(world, device=device, starts_at=soon(hour=11))


AT = soon(hour=10) + 30 * MINUTE


def held_up(coming):
    assert actions.warn(at=AT) == 1
    coming.refresh_from_db()
    return coming


@pytest.mark.django_db
def test_the_next_is_told_once_and_so_are_the_late_and_the_keeper(world, late, coming):
    assert actions.warn(at=late.ends_at - MINUTE) == 0
    assert actions.warn(at=late.ends_at) == 0
    held_up(coming)
    assert (coming.held_up_at, coming.held_up_by, coming.version) == (AT, late, 2)
    assert actions.warn(at=AT) == 0
    outbox.relay()
    told = set(Notice.objects.values_list("text_key", "user"))
    assert {("booking.overrun", world.doctor.pk), ("booking.late", world.doctor.pk)} <= told
    assert ("booking.overrun", world.manager.pk) in told
    assert coming.events.get().data["next_at"]


@pytest.mark.django_db
def test_it_is_moved_with_one_tap_and_only_to_what_is_free(world, device, late, coming):
    act = {"booking": coming, "by": world.doctor, "at": AT}
    with pytest.raises(DomainError, match="Nothing holds"):
        actions.move_on(**act, starts_at=soon(hour=12))
    held_up(coming)
    lines = list(coming.lines.for_list())
    first, second, third = selectors.times_for(coming, lines, at=AT)
    assert first == AT + 45 * MINUTE
    assert second == first + 2 * HOUR
    with pytest.raises(PermissionDenied):
        actions.move_on(**act | {"by": world.township2_doctor}, starts_at=first)
    with pytest.raises(StaleVersion):
        actions.move_on(**act, starts_at=first, version=9)
    other = make.bare(
        world, device=device, starts_at=soon(hour=14),
        operator=PractitionerFactory(institution=world.township),
    )  # fmt: skip
    for wrong in (second, AT, AT + timedelta(days=30)):
        with pytest.raises(DomainError, match="no longer free"):
            actions.move_on(**act, starts_at=wrong)
    moved = actions.move_on(**act, starts_at=first, version=2)
    line = moved.lines.get()
    assert (moved.starts_at, moved.ends_at) == (first, first + 2 * HOUR)
    assert (line.block_from, line.block_until) == (
        first - 15 * MINUTE, first + 2 * HOUR + 30 * MINUTE,
    )  # fmt: skip
    assert moved.people.get().starts_at == first
    assert moved.held_up_at is None
    assert line.block_until <= other.lines.get().block_from
    assert third > second


@pytest.mark.django_db
def test_what_is_in_the_way_is_gone_around(world, device, late, coming):
    """People who are busy, offers that are kept, outages, and the night."""
    lines = list(coming.lines.for_list())
    busy = make.bare(world, starts_at=soon(hour=13), hours=1)
    first = selectors.times_for(coming, lines, at=AT, limit=1)
    assert first == [busy.ends_at]
    queue.offer(queue.waiting(world, device=device), starts_at=soon(hour=14))
    Outage.objects.create(
        device=device, reason="fault", starts_at=soon(hour=17), ends_at=soon(hour=19)
    )
    (evening,) = selectors.times_for(coming, lines, at=AT, limit=1)
    assert evening == soon(hour=19) + 15 * MINUTE
    Outage.objects.update(ends_at=None)
    assert selectors.times_for(coming, lines, at=AT) == []
    Outage.objects.update(ends_at=soon(hour=21))
    (morning,) = selectors.times_for(coming, lines, at=AT, limit=1)
    assert morning == soon(3, 7)
    Device.objects.update(owner=world.township)
    own = list(coming.lines.for_list())
    assert selectors.times_for(coming, own, at=AT, limit=1) == [soon(hour=21) + 15 * MINUTE]


@pytest.mark.django_db
def test_policy_may_move_it_at_once(world, late, coming):
    make.setting(world, "overrun_answer", "push")
    held_up(coming)
    assert coming.starts_at == AT + 45 * MINUTE
    assert [event.act for event in coming.events.all()] == ["overrun", "move"]
    # Nowhere to go: it stays where it is, held up.
    again = soon(hour=14) + 15 * MINUTE
    Outage.objects.create(device=coming.lines.get().device, reason="fault", starts_at=again)
    assert actions.warn(at=again) == 1
    coming.refresh_from_db()
    assert coming.held_up_at == again


@pytest.mark.django_db
def test_a_device_that_comes_back_holds_nobody_up(world, late, coming):
    held_up(coming)
    left = {line.device_id: ("good", "") for line in late.lines.all()}
    bookings.check_out(booking=late, conditions=left, by=world.doctor, at=AT + MINUTE)
    coming.refresh_from_db()
    assert (coming.held_up_at, coming.held_up_by, coming.starts_at) == (None, None, soon(hour=11))
    assert coming.events.latest("pk").act == "restore"
    assert actions._hold_up(_line(late), _line(coming), _Values(), AT) == 0


def _line(row):
    return BookedDevice.objects.select_related("booking").get(booking=row)


class _Values(dict):
    def __missing__(self, key):
        return 20


@pytest.mark.django_db
def test_who_was_held_up_missed_nothing(world, late, coming):
    held_up(coming)
    assert bookings.mark_missed(at=coming.starts_at + 3 * HOUR) == 1
    coming.refresh_from_db()
    assert (coming.status, coming.is_excused) == ("no_show", True)
    assert tasks.watch_overruns() == 0


@pytest.mark.django_db
def test_who_holds_up_is_named_and_is_another(world, late, coming):
    name = '"bookings_booking_held_up_pair"'
    for values in (
        {"held_up_at": AT},
        {"held_up_by": late},
        {"held_up_at": AT, "held_up_by": coming},
    ):
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            Booking.objects.filter(pk=coming.pk).update(**values)
