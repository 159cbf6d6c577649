"""The waiting list: in order, one offer at a time, with a time to answer."""

import re
from copy import copy
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from alliance.core.errors import DomainError, StaleVersion
from alliance.core.models import OutboxMessage
from alliance.notices.models import Notice
from equipment.bookings import actions, reminders, selectors, tasks
from equipment.bookings.errors import BookingRefused
from equipment.bookings.models import Booking, WaitingEntry, WaitingOffer
from equipment.bookings.waiting import actions as waiting
from equipment.bookings.waiting import notices as offers
from equipment.bookings.waiting import queues
from equipment.bookings.waiting.choices import Answer, EntryState
from equipment.bookings.waiting.errors import FreeNow
from tests.factories import bookings as make
from tests.factories import bookings_waiting as queue
from tests.factories.alliance import PractitionerFactory
from tests.factories.bookings import HOUR, soon
from training.privileges.models import Privilege

pytestmark = pytest.mark.django_db
NOW = soon(0, 9)


@pytest.fixture
def device(world):
    """The county's, shared; the township's doctor may operate."""
    make.may_operate(world)
    return make.lent(world)


def colleague(world):
    person = PractitionerFactory(institution=world.township)
    make.may_operate(world, practitioner=person)
    return person


def join(world, *, at=NOW, by=None, **more):
    values = {
        "type": None,
        "device": None,
        "technique": world.debridement,
        "operator": world.practitioner,
        "minutes": 60,
        "wanted_from": soon(hour=8),
        "wanted_until": soon(hour=18),
    }
    house = more.pop("institution", world.township)
    with queue.nothing_free():
        return waiting.join_list(institution=house, at=at, by=by or world.doctor, **values | more)


def serve(world, device, *, at=NOW):
    return waiting.serve(alliance_id=world.alliance.pk, type_id=device.type_id, at=at)


def offered():
    return list(WaitingOffer.objects.filter(answer=Answer.OPEN).order_by("pk"))


def states():
    return list(WaitingEntry.objects.order_by("pk").values_list("state", flat=True))


def test_ahead_is_who_wants_the_same_at_a_time_that_overlaps(world, device):
    twin = make.lent(world, type=device.type)
    of_type = {"device": None, "type": device.type}
    rows = [
        queue.waiting(world, **one)
        for one in (
            {"device": device, "hours": (8, 10)},
            {"device": device, "hours": (10, 12)},
            {"device": twin, "hours": (8, 18)},
            {"device": device, "hours": (9, 12)},
        )
    ]
    any_ = queue.waiting(world, device=device, hours=(8, 9))
    WaitingEntry.objects.filter(pk=any_.pk).update(**of_type)
    late = queue.waiting(world, device=twin, hours=(8, 9))
    entries = WaitingEntry.objects.for_list().order_by("pk")
    found = {row.entry: row.place for row in queues.rows(entries, world.doctor)}
    assert [found[one] for one in rows] == [1, 1, 1, 3]
    # Whoever takes any of the type stands behind those of each, and before those after.
    assert (found[any_], found[late]) == (3, 3)


def test_what_is_free_need_not_be_waited_for(world, device):
    twin = make.lent(world, type=device.type)

    def found(**more):
        values = {
            "device": device, "type": None, "technique": world.debridement, "minutes": 60,
            "operator": world.practitioner, "wanted_from": soon(hour=8), "wanted_until": soon(hour=12),
        }  # fmt: skip
        asked = {"institution": world.township, "at": NOW, "by": world.doctor}
        try:
            with transaction.atomic():
                waiting.join_list(**asked, **values | more).delete()
        except FreeNow as free:
            return free.asked.devices, free.asked.period.since
        return None

    assert found() == ([device], soon(hour=8))
    assert found(device=None, type=device.type) == ([device], soon(hour=8))
    make.bare(world, device=device, starts_at=soon(hour=8), hours=3, operator=colleague(world))
    assert found() is None
    assert found(device=None, type=device.type) == ([twin], soon(hour=8))
    # Free, but not to whoever operates elsewhere then.
    make.bare(world, starts_at=soon(hour=8), hours=4)
    assert found(device=twin) is None
    assert found(device=twin, wanted_until=soon(hour=18)) == ([twin], soon(hour=12))


def test_only_ones_own_staff_are_waited_for(world, device):
    with pytest.raises(ValidationError, match="works at your institution"):
        join(world, device=device, operator=PractitionerFactory(institution=world.county))


def test_what_cannot_travel_is_waited_for_where_it_stands(world, device):
    type(device.type).objects.filter(pk=device.type_id).update(is_fixed=True)
    device.type.refresh_from_db()
    with pytest.raises(ValidationError, match="stays where it stands"):
        join(world, device=device, place=world.township)
    assert join(world, device=device, place=world.county).place == world.county


def test_who_joins_is_served_from_the_outbox(world, device):
    entry = join(world, device=device)
    assert entry.type == device.type
    payload = {"alliance_id": world.alliance.pk, "type_id": device.type_id}
    assert OutboxMessage.objects.filter(topic="bookings.serve", payload=payload).exists()
    assert serve(world, device) == 1
    (offer,) = offered()
    assert (offer.starts_at, offer.ends_at) == (soon(hour=8), soon(hour=9))
    assert offer.block_from == soon(hour=8) - timedelta(minutes=15)
    assert offer.answer_by == NOW + timedelta(minutes=120)
    assert serve(world, device) == 0


def test_joining_needs_the_right_the_window_and_an_alliance(world, device):
    with pytest.raises(PermissionDenied):
        join(world, device=device, by=world.qc)
    with pytest.raises(ValidationError) as caught:
        join(world, device=device, wanted_until=NOW)
    assert "wanted_until" in caught.value.message_dict
    with pytest.raises(ValidationError) as caught:
        join(world, device=device, institution=world.outside, by=world.outsider)
    assert "institution" in caught.value.message_dict
    assert not WaitingEntry.objects.exists()


def test_the_same_is_waited_for_once(world, device):
    first = join(world, device=device)
    with pytest.raises(ValidationError) as caught:
        join(world, device=device)
    assert list(caught.value.message_dict) == ["device"]
    join(world, type=device.type)
    with pytest.raises(ValidationError) as caught:
        join(world, type=device.type)
    assert list(caught.value.message_dict) == ["type"]
    waiting.leave_list(entry=first, by=world.doctor, at=NOW)
    join(world, device=device)


def test_times_are_offered_in_order_and_kept_from_others(world, device):
    first = join(world, device=device)
    second = join(world, type=device.type, operator=colleague(world))
    assert serve(world, device) == 2
    offers = offered()
    assert [one.entry for one in offers] == [first, second]
    assert offers[1].block_from >= offers[0].block_until
    # Nobody of another house gets what is kept, and the search does not show it.
    with pytest.raises(BookingRefused) as caught:
        county = world.county2_liaison
        actions.book(
            devices=[device],
            institution=world.county2,
            operator=PractitionerFactory(institution=world.county2),
            technique=None,
            starts_at=offers[0].starts_at,
            ends_at=offers[0].ends_at,
            by=county,
            at=NOW,
        )
    assert "taken" in caught.value.codes
    day = {"since": soon(hour=8), "until": soon(hour=10), "minutes": 30}
    assert selectors.free_slots([device.pk], **day) == {device.pk: []}


def test_what_would_be_refused_is_not_offered(world, device):
    join(world, device=device, operator=PractitionerFactory(institution=world.township))
    assert serve(world, device) == 0
    other = make.lent(world, type=device.type)
    busy = make.bare(world, device=other, starts_at=soon(hour=8), hours=3)
    join(world, device=device, operator=busy.operator)
    assert serve(world, device) == 1
    assert offered()[0].starts_at == soon(hour=11)


def test_nothing_free_nothing_offered(world, device):
    somebody = colleague(world)
    make.bare(world, device=device, starts_at=soon(hour=7), hours=14, operator=somebody)
    join(world, device=device, operator=colleague(world))
    assert serve(world, device) == 0
    other = make.lent(world)
    join(world, device=other)
    assert serve(world, device) == 1
    assert offered()[0].device == other


def test_however_many_stand_in_front_the_last_is_reached(world, device):
    """A hundred and one wait for an hour that is taken, and in vain for another time."""
    make.booked(world, device=device, starts_at=soon(hour=10))
    first = queue.waiting(world, device=device, hours=(10, 11))
    first.pk = None
    rows = [copy(first) for _number in range(100)]
    for row in rows:
        row.public_id = uuid4()
    WaitingEntry.objects.bulk_create(rows)
    last = queue.waiting(world, device=device, hours=(14, 18), operator=colleague(world))
    with CaptureQueriesContext(connection) as asked:
        assert serve(world, device) == 1
    assert last.offers.get().starts_at == soon(hour=14)
    assert len(asked) < 60


def test_an_offer_is_accepted_with_one_tap(world, device):
    entry = join(world, device=device, referral_number="ZZ1")
    serve(world, device)
    (offer,) = offered()
    with pytest.raises(PermissionDenied):
        waiting.accept_offer(offer=offer, by=world.manager, at=NOW)
    booking = waiting.accept_offer(offer=offer, by=world.doctor, at=NOW)
    entry.refresh_from_db()
    offer.refresh_from_db()
    assert (entry.state, offer.answer) == (EntryState.BOOKED, Answer.ACCEPTED)
    assert (offer.booking, booking.referral_number) == (booking, "ZZ1")
    assert booking.starts_at == offer.starts_at
    with pytest.raises(DomainError, match="no longer open"):
        waiting.accept_offer(offer=offer, by=world.doctor, at=NOW)


def test_what_is_gone_leaves_one_in_ones_place(world, device):
    entry = join(world, device=device)
    serve(world, device)
    (offer,) = offered()
    make.bare(world, device=device, starts_at=offer.starts_at, operator=colleague(world))
    with pytest.raises(BookingRefused):
        waiting.accept_offer(offer=offer, by=world.doctor, at=NOW)
    entry.refresh_from_db()
    offer.refresh_from_db()
    assert (entry.state, offer.answer) == (EntryState.WAITING, Answer.GONE)
    # The time that was lost is not offered again; the next free one is.
    assert serve(world, device) == 1
    assert offered()[0].starts_at > offer.starts_at


def test_what_is_let_go_is_offered_to_the_next(world, device):
    window = {"wanted_until": soon(hour=9)}
    first = join(world, device=device, **window)
    second = join(world, device=device, operator=colleague(world), **window)
    serve(world, device)
    assert states() == [EntryState.OFFERED, EntryState.WAITING]
    waiting.let_go(offer=offered()[0], by=world.doctor, at=NOW)
    assert serve(world, device) == 1
    assert states() == [EntryState.WAITING, EntryState.OFFERED]
    assert [one.entry for one in offered()] == [second]
    assert first.pk < second.pk


def test_who_leaves_gives_the_offer_up(world, device):
    entry = join(world, device=device)
    serve(world, device)
    with pytest.raises(StaleVersion):
        waiting.leave_list(entry=entry, by=world.doctor, at=NOW, version=99)
    with pytest.raises(PermissionDenied):
        waiting.leave_list(entry=entry, by=world.manager, at=NOW)
    waiting.leave_list(entry=entry, by=world.doctor, at=NOW)
    assert not offered()
    assert states() == [EntryState.LEFT]
    with pytest.raises(DomainError, match="ended already"):
        waiting.leave_list(entry=entry, by=world.doctor, at=NOW)


def test_the_clock_moves_on_what_nobody_answers(world, device):
    join(world, device=device)
    serve(world, device)
    late = NOW + timedelta(hours=3)
    # Answered too late is not answered.
    with pytest.raises(DomainError, match="no longer open"):
        waiting.let_go(offer=offered()[0], by=world.doctor, at=late)
    assert waiting.run_list(at=late) == 2  # one ended, the next made
    assert states() == [EntryState.OFFERED]
    later = late + timedelta(hours=3)
    assert waiting.run_list(at=later) == 1
    assert states() == [EntryState.UNANSWERED]


def test_what_nobody_answers_is_offered_to_the_next_though_more_is_free(world, device):
    """Two uses fit the hours, but not side by side with cleaning and set-up."""
    window = {"wanted_until": soon(hour=10)}
    first = join(world, device=device, **window)
    second = join(world, device=device, operator=colleague(world), **window)
    assert serve(world, device) == 1
    assert waiting.run_list(at=NOW + timedelta(hours=3)) == 2
    assert [one.entry for one in offered()] == [second]
    # Nobody else waits then: who did not answer once is asked once more.
    waiting.leave_list(entry=second, by=world.doctor, at=NOW + timedelta(hours=4))
    assert serve(world, device, at=NOW + timedelta(hours=4)) == 1
    assert [one.entry for one in offered()] == [first]


def test_a_window_that_passed_ends_the_wait(world, device):
    queue.waiting(world, device=device)
    kept = queue.waiting(world, device=make.lent(world), wanted_until=soon(9))
    assert waiting.run_list(at=soon(hour=19)) == 2
    assert states() == [EntryState.OVER, EntryState.OFFERED]
    assert kept.pk
    assert tasks.run_waiting_list() == 0


def test_cancelling_promises_an_offer_where_somebody_waits(world, device):
    taken = make.booked(world, device=device, at=NOW)
    OutboxMessage.objects.all().delete()
    actions.cancel(booking=taken, reason="改期", by=world.doctor, at=NOW)
    assert not OutboxMessage.objects.filter(topic="bookings.serve").exists()
    again = make.booked(world, device=device, at=NOW, starts_at=soon(3))
    queue.waiting(world, device=device)
    actions.cancel(booking=again, reason="改期", by=world.doctor, at=NOW)
    assert OutboxMessage.objects.filter(topic="bookings.serve").count() == 1


def test_people_are_told_of_offers_and_reminded_once(world, device):
    join(world, device=device)
    serve(world, device)
    offers.tell_offer(offer_id=offered()[0].pk)
    notice = Notice.objects.get(user=world.doctor, text_key="booking.offer")
    assert notice.kind == "equipment_todo"
    row = make.booked(world, device=make.lent(world), at=NOW, starts_at=soon(1, 10))
    make.booked(world, device=make.lent(world), at=NOW, starts_at=soon(4, 10))
    at = row.starts_at - 20 * HOUR
    assert actions.remind(now=at) == 1
    with CaptureQueriesContext(connection) as asked:
        assert actions.remind(now=at) == 0
    # What is not due is not held either: it looks ahead as far as the alliance says, a day.
    (held,) = [one["sql"] for one in asked if "SKIP LOCKED" in one["sql"]]
    bounds = [datetime.fromisoformat(text) for text in re.findall(r"'(\d{4}-[^']+)'", held)]
    assert max(bounds) == at + 24 * HOUR
    message = OutboxMessage.objects.get(topic="bookings.reminder")
    reminders.tell(**message.payload)
    assert Notice.objects.filter(user=world.doctor, text_key="booking.soon").count() == 1
    # Who may not operate any more hears it while somebody else can be found.
    Privilege.objects.update(level="supervised")
    reminders.tell(**message.payload)
    assert Notice.objects.get(user=world.doctor, text_key="booking.may_not").kind == notice.kind
    assert (
        tasks.remind()
        == Booking.objects.filter(
            reminded_at=None,
            starts_at__lte=timezone.now() + 24 * HOUR,
            starts_at__gt=timezone.now(),
        ).count()
    )


def test_what_was_answered_meanwhile_is_let_be(world, device):
    """The clock and the line look again once they hold the row."""
    entry = join(world, device=device)
    serve(world, device)
    (offer,) = offered()
    waiting._lose(offer.pk, NOW)
    waiting._lose(offer.pk, NOW)
    assert (waiting._expire(offer.pk, NOW + 9 * HOUR), waiting._pass_over(entry.pk, NOW)) == (0, 0)
    assert WaitingOffer.objects.get().answer == Answer.GONE
    assert states() == [EntryState.WAITING]
