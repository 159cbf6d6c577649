"""The mentor of a booking: asked, agreeing, declining, exchanged for another."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from alliance.core.errors import DomainError
from alliance.notices.models import Notice
from equipment.bookings import actions, consequences, mentors, notices, policies, verdicts
from equipment.bookings.choices import Move
from equipment.bookings.models import Booking, BookingEvent
from tests.factories import bookings as make
from tests.factories.alliance import PractitionerFactory, staff
from tests.factories.bookings import HOUR, booked, soon
from tests.factories.privileges import bare as privilege

pytestmark = pytest.mark.django_db
NOW = soon(0, 9)


@pytest.fixture
def teacher(world):
    """The county's doctor, who teaches what the township's may do under supervision only."""
    make.may_operate(world, level="supervised")
    teaches(world, world.county_doctor.practitioner)
    return world.county_doctor


def teaches(world, person):
    privilege(
        world, practitioner=person, technique=world.debridement, institution=person.institution
    )


def another_teacher(world):
    person = PractitionerFactory(institution=world.county)
    teaches(world, person)
    return staff("doctor", institution=world.county, practitioner=person)


@pytest.fixture
def row(world, teacher):
    return booked(world, mentor=teacher.practitioner)


def tell(**which):
    for event in BookingEvent.objects.filter(**which).order_by("pk"):
        notices.tell(event_id=event.pk)


def heard(user):
    return list(Notice.objects.filter(user=user).order_by("pk").values_list("text_key", flat=True))


def test_a_use_waits_for_the_mentors_word(world, teacher, row):
    assert (row.mentor_word, row.status) == ("asked", "confirmed")
    assert f"{row.mentor} is asked to agree" in verdicts.made(row, at=NOW)
    begin = {"booking": row, "by": world.doctor, "at": row.starts_at}
    assert Move.CHECK_IN not in policies.rights(world.doctor, row)
    with pytest.raises(DomainError, match="has not agreed"):
        actions.check_in(**begin)
    with pytest.raises(PermissionDenied):
        actions.agree(booking=row, by=world.doctor, at=NOW)
    # Who is the mentor alone does not end it, but may begin it.
    assert policies.rights(teacher, row) == [Move.CHECK_IN]
    with pytest.raises(PermissionDenied):
        actions.cancel(booking=row, reason="x", by=teacher, at=NOW)
    agreed = actions.agree(booking=row, by=teacher, at=NOW, version=1)
    assert agreed.mentor_word == "agreed"
    with pytest.raises(DomainError, match="Nobody asks"):
        actions.agree(booking=row, by=teacher, at=NOW)
    assert actions.check_in(**begin).status == "in_use"
    with pytest.raises(DomainError, match="has begun or ended"):
        actions.decline(booking=row, reason="x", by=teacher, at=NOW)
    tell()
    assert heard(teacher) == ["booking.mentor_asked"]
    assert heard(world.doctor) == ["booking.mentor_yes"]
    kinds = dict(Notice.objects.values_list("user", "kind"))
    assert kinds == {teacher.pk: "equipment_todo", world.doctor.pk: "equipment"}


def test_a_mentor_who_begins_the_use_has_agreed(teacher, row):
    begun = actions.check_in(booking=row, by=teacher, at=row.starts_at)
    assert (begun.status, begun.mentor_word) == ("in_use", "agreed")


def test_who_has_no_account_is_called_and_it_is_recorded_who_did(world):
    make.may_operate(world, level="supervised")
    person = PractitionerFactory(institution=world.county)
    teaches(world, person)
    row = booked(world, mentor=person)
    assert row.mentor_word == "call"
    assert "call them, and record" in verdicts.made(row, at=NOW)
    begin = {"booking": row, "by": world.doctor, "at": row.starts_at}
    with pytest.raises(DomainError, match="Call them and record it"):
        actions.check_in(**begin)
    for stranger in (world.manager, world.township2_doctor):
        with pytest.raises(PermissionDenied):
            actions.agree(booking=row, by=stranger, at=NOW)
    row = actions.agree(booking=row, by=world.doctor, at=NOW, version=1)
    said = row.events.latest("pk")
    assert (row.mentor_word, said.act, said.by, said.at) == (
        "called", "mentor_tel", world.doctor, NOW,
    )  # fmt: skip
    # On the telephone they may take it back; at another time they are called again.
    moved = actions.rebook(booking=row, by=world.doctor, at=timezone.now(), starts_at=soon(3))
    assert moved.mentor_word == "call"
    moved = actions.decline(booking=moved, reason="门诊", by=world.doctor, at=NOW)
    assert (moved.mentor_word, moved.people.count()) == ("declined", 1)
    # Who got an account since answers for themselves.
    row = booked(world, mentor=person, starts_at=soon(4))
    user = staff("doctor", institution=world.county, practitioner=person)
    assert actions.agree(booking=row, by=user, at=NOW).mentor_word == "agreed"


def test_who_never_called_missed_it(world):
    make.may_operate(world, level="supervised")
    person = PractitionerFactory(institution=world.county)
    teaches(world, person)
    row = booked(world, mentor=person)
    assert actions.mark_missed(at=row.ends_at) == 1
    row.refresh_from_db()
    assert (row.status, row.is_excused) == ("no_show", False)


def test_who_may_do_it_alone_does_not_wait(world, row):
    Booking.objects.update(is_supervised=False)
    assert actions.check_in(booking=row, by=world.doctor, at=row.starts_at).status == "in_use"


def test_a_mentor_who_declines_leaves_the_booking_to_another(world, teacher, row):
    other = another_teacher(world)
    with pytest.raises(ValidationError):
        actions.decline(booking=row, reason=" ", by=teacher, at=NOW)
    late = row.starts_at - HOUR
    assert consequences.counts_if_cancelled(row, world.doctor, late)
    row = actions.decline(booking=row, reason="门诊冲突", by=teacher, at=NOW)
    assert (row.mentor_word, row.status, row.people.count()) == ("declined", "confirmed", 1)
    assert row in Booking.objects.visible_to(teacher)
    assert policies.waits_for_mentor(teacher, row)
    assert not consequences.counts_if_cancelled(row, world.doctor, late)
    tell()
    news = Notice.objects.get(user=world.doctor, text_key="booking.mentor_no")
    assert other.practitioner.name in news.values["others"]
    assert heard(teacher) == ["booking.mentor_asked"]
    # Exchanged at the same time, the one who declined is not bound again; at another they are asked.
    device = make.lent(world)
    old = row.lines.get().device
    swap = {"booking": row, "by": world.doctor, "at": timezone.now()}
    swapped = actions.rebook(**swap, without=old, device=device)
    assert (swapped.mentor_word, swapped.people.count()) == ("declined", 1)
    moved = actions.rebook(**swap | {"booking": swapped}, starts_at=soon(3))
    assert (moved.mentor_word, moved.people.count()) == ("asked", 2)
    tell(booking__in=[swapped, moved])
    assert heard(teacher) == ["booking.mentor_asked", "booking.mentor_again"]


def test_what_nobody_taught_was_not_missed(row):
    assert actions.mark_missed(at=row.ends_at) == 1
    row.refresh_from_db()
    assert (row.status, row.is_excused) == ("no_show", True)


def test_another_mentor_is_asked_in_turn(world, teacher, row):
    other, busy = another_teacher(world), another_teacher(world)
    make.bare(world, operator=busy.practitioner, starts_at=row.starts_at)
    gone = PractitionerFactory(institution=world.county, is_active=False)
    unfit = PractitionerFactory(institution=world.county)
    asked = {"booking": row, "by": world.doctor, "at": timezone.now()}
    tell()
    for wrong in (teacher.practitioner, row.operator, busy.practitioner, gone, unfit):
        with pytest.raises(ValidationError) as caught:
            actions.change_mentor(**asked, mentor=wrong)
        assert list(caught.value.message_dict) == ["mentor"]
    with pytest.raises(PermissionDenied):
        actions.change_mentor(**asked | {"by": teacher}, mentor=other.practitioner)
    assert mentors.others_for(row) == [other.practitioner]
    row = actions.change_mentor(**asked, mentor=other.practitioner, version=1)
    assert (row.mentor, row.mentor_word) == (other.practitioner, "asked")
    bound = set(row.people.values_list("practitioner", flat=True))
    assert bound == {world.practitioner.pk, other.practitioner.pk}
    tell(act="mentor_new")
    assert heard(other) == ["booking.mentor_asked"]
    assert heard(teacher) == ["booking.mentor_asked", "booking.mentor_free"]
    actions.decline(booking=row, reason="x", by=other, at=NOW)
    again = actions.change_mentor(**asked, mentor=teacher.practitioner)
    assert "was" not in again.events.latest("pk").data
    Booking.objects.update(technique=None)
    row.refresh_from_db()
    assert mentors.others_for(row) == []


def test_a_series_is_agreed_to_at_once(world, teacher):
    made = actions.book_series(
        devices=[make.lent(world)], institution=world.township, operator=world.practitioner,
        mentor=teacher.practitioner, technique=world.debridement, starts_at=soon(),
        ends_at=soon() + HOUR, every="7", count=3, by=world.doctor, at=timezone.now(),
    )  # fmt: skip
    with CaptureQueriesContext(connection) as asked:
        actions.agree_to_series(booking=made.booked[1], by=teacher, at=NOW)
    # All at once and by number, like whoever gives the series back meanwhile.
    held = next(one["sql"] for one in asked if " FOR NO KEY UPDATE" in one["sql"])
    assert all(str(one.pk) in held for one in made.booked)
    assert "ORDER BY 1 ASC" in held
    assert {one.mentor_word for one in Booking.objects.all()} == {"agreed"}
    tell()
    assert heard(teacher) == ["booking.mentor_asked_series"]
    assert heard(world.doctor) == ["booking.mentor_yes_series"]


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({}, "asked"),
        ({"mentor": None}, ""),
        ({"policy": "told"}, ""),
        ({"by": "mentor"}, "agreed"),
        ({"mentor": "stranger"}, "call"),
        ({"mentor": "stranger", "called": "none"}, ""),
        ({"mentor": "stranger", "policy": "told"}, ""),
        ({"was": timedelta(0)}, "agreed"),
        ({"was": HOUR}, "asked"),
    ],
)
def test_what_is_said_of_a_mentor_to_begin_with(world, change, word):
    user = world.county_doctor
    people = {"stranger": PractitionerFactory.build(pk=0), None: None}
    mentor = people.get(change.get("mentor", ""), user.practitioner)
    period = soon(), soon() + HOUR
    old = None
    if "was" in change:
        since, until = (one + change["was"] for one in period)
        old = SimpleNamespace(starts_at=since, ends_at=until, mentor_word="agreed")
    by = user if "by" in change else world.doctor
    asked = SimpleNamespace(mentor=mentor, replaces=old, period=period, by=by)
    settings = {
        "bookings.mentor_word": change.get("policy", "asked"),
        "bookings.mentor_called": change.get("called", "called"),
    }
    assert mentors.first_word(asked, settings) == word


@pytest.mark.parametrize(
    ("before", "by", "word"),
    [
        ("agreed", "doctor", "asked"),
        ("agreed", "county_doctor", "agreed"),
        ("asked", "doctor", "asked"),
        ("", "doctor", ""),
        ("call", "doctor", "call"),
        ("called", "doctor", "call"),
    ],
)
def test_at_another_time_the_word_is_asked_for_again(world, before, by, word):
    row = Booking(mentor=world.county_doctor.practitioner, mentor_word=before)
    assert mentors.word_after_move(row, getattr(world, by)) == word
