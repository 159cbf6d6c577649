"""Sessions and seats: booked, waited for, given up, attended, closed."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from alliance.core import outbox
from alliance.core.errors import DomainError, StaleVersion, TransitionNotAllowed
from alliance.core.models import OutboxMessage, PolicySetting
from alliance.notices.models import Notice
from alliance.people.models import User
from tests.factories import alliance as make
from tests.factories import courses as build
from training.courses import actions, selectors
from training.courses.choices import EntryStatus, HoursKind, Mode, SeatStatus
from training.courses.models import HoursEntry, Seat, Session
from training.courses.tasks import remind

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def session(world):
    """One seat at the township, in three days."""
    return build.session(world, seats=1)


@pytest.fixture
def other(world):
    """王建国 of the county."""
    return world.county_doctor.practitioner


def move(session, starts_in):
    """The same session at another time, so that tests need not wait."""
    begin = timezone.now() + starts_in
    Session.objects.filter(pk=session.pk).update(starts_at=begin, ends_at=begin + 3 * HOUR)
    session.refresh_from_db()


def book(world, session, person=None, by=None):
    person = person or world.practitioner
    return actions.take_seat(session=session, practitioner=person, by=by or person.user)


def told(user):
    outbox.relay()
    return set(Notice.objects.filter(user=user).values_list("text_key", flat=True))


def test_seats_go_in_turn_and_the_queue_moves_up(world, session, other):
    assert book(world, session).status == SeatStatus.BOOKED
    assert book(world, session).status == SeatStatus.BOOKED
    waiting = book(world, session, other)
    assert waiting.status == SeatStatus.WAITING
    session.refresh_from_db()
    assert (session.taken, session.free) == (1, 0)
    actions.leave_seat(session=session, practitioner=world.practitioner, by=world.doctor)
    waiting.refresh_from_db()
    session.refresh_from_db()
    assert (waiting.status, session.taken) == (SeatStatus.BOOKED, 1)
    assert told(world.county_doctor) == {"courses.moved_up"}
    assert book(world, session).status == SeatStatus.WAITING
    with pytest.raises(TransitionNotAllowed):
        actions.leave_seat(
            session=session,
            practitioner=make.PractitionerFactory(institution=world.township),
            by=world.trainer,
        )


def test_whoever_arranges_training_books_for_their_staff(world, session, other):
    book(world, session, by=world.trainer)
    assert told(world.doctor) == {"courses.booked_for"}
    with pytest.raises(PermissionDenied):
        book(world, session, other, by=world.doctor)
    # The trainer keeps the course, the county's administrator looks after the county's doctor.
    assert book(world, session, other, by=world.manager).status == SeatStatus.WAITING
    stranger = make.PractitionerFactory(institution=world.outside)
    with pytest.raises(DomainError) as refused:
        book(world, session, stranger, by=world.trainer)
    assert refused.value.code == "not_a_member"


def test_a_session_is_planned_for_a_course_on_site_and_a_time_to_come(world):
    online = build.course(world, mode=Mode.ONLINE)
    with pytest.raises(DomainError) as refused:
        build.session(world, online)
    assert refused.value.code == "course_is_online"
    now = timezone.now()
    with pytest.raises(ValidationError) as wrong:
        actions.plan_session(
            course=build.course(world), by=world.trainer, starts_at=now - HOUR, ends_at=now,
            institution=world.township, place="三楼", seats=1,
        )  # fmt: skip
    assert list(wrong.value.message_dict) == ["starts_at"]


def test_a_changed_session_tells_who_booked_and_more_seats_move_the_queue(world, session, other):
    book(world, session)
    book(world, session, other)
    session.refresh_from_db()
    by = world.trainer
    with pytest.raises(StaleVersion):
        actions.change_session(session=session, by=by, version=9, seats=2)
    same = actions.change_session(session=session, by=by, version=1, seats=1)
    assert same.version == 1
    with pytest.raises(ValidationError) as wrong:
        actions.change_session(session=session, by=by, version=1, seats=0)
    assert "seats" in wrong.value.message_dict
    changed = actions.change_session(session=session, by=by, version=1, seats=2, place="礼堂")
    assert (changed.taken, changed.version) == (2, 2)
    assert told(world.county_doctor) == {"courses.changed", "courses.moved_up"}
    fewer = OutboxMessage.objects.count()
    actions.change_session(session=session, by=by, version=2, teacher=other)
    assert OutboxMessage.objects.count() == fewer


def test_a_session_called_off_says_why_and_takes_nobody_in(world, session):
    book(world, session)
    by = world.trainer
    with pytest.raises(ValidationError):
        actions.cancel_session(session=session, by=by, version=1, reason=" ")
    gone = actions.cancel_session(session=session, by=by, version=1, reason="台风")
    assert gone.cancel_reason == "台风"
    assert "courses.called_off" in told(world.doctor)
    for act in (
        lambda: book(world, session),
        lambda: actions.renew_code(session=session, by=by),
        lambda: actions.cancel_session(session=session, by=by, version=2, reason="雨"),
    ):
        with pytest.raises(DomainError) as refused:
            act()
        assert refused.value.code == "session_cancelled"


def test_seats_no_longer_change_hands_once_it_has_begun(world, session):
    book(world, session)
    move(session, -HOUR)
    for act in (actions.take_seat, actions.leave_seat):
        with pytest.raises(DomainError) as refused:
            act(session=session, practitioner=world.practitioner, by=world.doctor)
        assert refused.value.code == "session_begun"


def test_whoever_is_there_checks_in_by_the_code_and_earns_the_hours(world, session):
    seat = book(world, session)
    mine = {"practitioner": world.practitioner, "by": world.doctor}
    with pytest.raises(DomainError) as refused:
        actions.check_in(token=session.token, **mine)
    assert refused.value.code == "not_now"
    move(session, -HOUR)
    actions.check_in(token=session.token, **mine)
    again = actions.check_in(token=session.token, **mine)
    seat.refresh_from_db()
    assert (seat.status, again.pk) == (SeatStatus.ATTENDED, seat.pk)
    entry = HoursEntry.objects.get()
    assert (entry.kind, entry.hours, entry.session) == (HoursKind.SESSION, 6, session)
    with pytest.raises(PermissionDenied):
        actions.check_in(token=session.token, practitioner=world.practitioner, by=world.trainer)
    old = session.token
    assert actions.renew_code(session=session, by=world.trainer).token != old
    with pytest.raises(Session.DoesNotExist):
        actions.check_in(token=old, **mine)


def test_who_comes_without_booking_takes_a_free_seat_if_policy_lets_them(world, session, other):
    move(session, -HOUR)
    mine = {"token": session.token, "practitioner": world.practitioner, "by": world.doctor}
    assert actions.check_in(**mine).status == SeatStatus.ATTENDED
    with pytest.raises(DomainError) as full:
        actions.check_in(token=session.token, practitioner=other, by=world.county_doctor)
    assert full.value.code == "no_seat"
    outsider = make.staff(
        "doctor",
        institution=world.outside,
        practitioner=make.PractitionerFactory(institution=world.outside),
    )
    with pytest.raises(DomainError) as stranger:
        actions.check_in(token=session.token, practitioner=outsider.practitioner, by=outsider)
    assert stranger.value.code == "not_a_member"
    PolicySetting.objects.create(
        alliance=world.alliance, key="course.walk_in", value=False,
        effective_from="2020-01-01", source="office",
    )  # fmt: skip
    second = build.session(world, starts_in=-HOUR)
    with pytest.raises(DomainError) as refused:
        actions.check_in(**(mine | {"token": second.token}))
    assert refused.value.code == "not_booked"


def test_attendance_is_corrected_until_it_is_closed(world, session):
    seat = book(world, session)
    mark = {"session": session, "practitioner": world.practitioner, "by": world.trainer}
    with pytest.raises(DomainError) as early:
        actions.mark_attendance(was_there=True, **mark)
    assert early.value.code == "session_to_come"
    move(session, -HOUR)
    with pytest.raises(PermissionDenied):
        actions.mark_attendance(was_there=True, **(mark | {"by": world.doctor}))
    actions.mark_attendance(was_there=True, **mark)
    actions.mark_attendance(was_there=True, **mark)
    actions.mark_attendance(was_there=False, **mark)
    seat.refresh_from_db()
    assert seat.status == SeatStatus.ABSENT
    assert HoursEntry.objects.get().status == EntryStatus.REFUSED
    assert selectors.completed_courses([world.practitioner.pk], on=timezone.localdate()) == {}
    actions.check_in(token=session.token, practitioner=world.practitioner, by=world.doctor)
    assert HoursEntry.objects.counting().count() == 1
    with pytest.raises(DomainError) as there:
        actions.cancel_session(session=session, by=world.trainer, version=1, reason="雨")
    assert there.value.code == "session_attended"


def test_somebody_booked_who_did_not_come_is_marked_absent(world, session):
    seat = book(world, session)
    move(session, -HOUR)
    actions.mark_attendance(
        session=session, practitioner=world.practitioner, by=world.trainer, was_there=False
    )
    seat.refresh_from_db()
    assert seat.status == SeatStatus.ABSENT
    assert not HoursEntry.objects.exists()


def test_closing_makes_absent_ends_the_queue_and_counts_the_teacher(world, session, other):
    with pytest.raises(DomainError) as early:
        actions.close_session(session=session, by=world.trainer, version=1)
    assert early.value.code == "session_to_come"
    Session.objects.filter(pk=session.pk).update(teacher=other)
    book(world, session)
    third = make.PractitionerFactory(institution=world.township)
    book(world, session, third, by=world.trainer)
    move(session, -HOUR)
    actions.close_session(session=session, by=world.trainer, version=1)
    standing = dict(Seat.objects.values_list("practitioner", "status"))
    assert standing == {world.practitioner.pk: "absent", third.pk: "cancelled"}
    taught = HoursEntry.objects.get()
    assert (taught.practitioner, taught.kind, taught.course) == (other, HoursKind.TEACHING, None)
    with pytest.raises(DomainError) as closed:
        actions.check_in(token=session.token, practitioner=world.practitioner, by=world.doctor)
    assert closed.value.code == "session_closed"
    with pytest.raises(DomainError):
        actions.close_session(session=session, by=world.trainer, version=2)


def test_a_session_without_a_teacher_is_closed_as_well(world, session):
    move(session, -HOUR)
    assert actions.close_session(session=session, by=world.trainer, version=1).closed_at
    assert not HoursEntry.objects.exists()


def test_seats_are_seen_by_the_person_their_house_and_who_keeps_the_session(world, session, other):
    book(world, session)
    book(world, session, other)
    seen = {
        name: Seat.objects.visible_to(User.objects.get(pk=getattr(world, name).pk)).count()
        for name in ("doctor", "county_doctor", "manager", "trainer", "office", "outsider")
    }
    assert seen == {
        "doctor": 1, "county_doctor": 1, "manager": 1, "trainer": 2, "office": 2, "outsider": 0,
    }  # fmt: skip


def reminded(user):
    outbox.relay()
    return Notice.objects.filter(user=user, text_key="courses.soon").count()


def test_who_has_a_seat_is_reminded_once(world, session, other):
    book(world, session)
    book(world, session, other)
    now = timezone.now()
    assert actions.remind_of_sessions(now=now) == 0
    before = session.starts_at - 24 * HOUR
    assert actions.remind_of_sessions(now=before - HOUR) == 0
    assert actions.remind_of_sessions(now=before) == 1
    # Run again at once, by another worker, or an hour later: nobody hears of it twice.
    assert remind.run() == 0
    assert actions.remind_of_sessions(now=before + HOUR) == 0
    # Who waits for a seat has none to be reminded of.
    assert (reminded(world.doctor), reminded(world.county_doctor)) == (1, 0)
    # Another time is another session to come to.
    session.refresh_from_db()
    later = {"starts_at": session.starts_at + 48 * HOUR, "ends_at": session.ends_at + 48 * HOUR}
    actions.change_session(
        session=session, by=world.township_manager, version=session.version, **later
    )
    assert actions.remind_of_sessions(now=before + 48 * HOUR) == 1
    assert reminded(world.doctor) == 2


def test_reminders_follow_policy_and_leave_out_what_is_not_held(world, session, other):
    taught = build.session(world, teacher=other)
    empty = build.session(world)
    actions.cancel_session(
        session=session, by=world.township_manager, version=session.version, reason="停电"
    )
    now = taught.starts_at - 30 * HOUR
    PolicySetting.objects.create(
        alliance=world.alliance, key="course.remind_hours_before", value=48,
        effective_from="2020-01-01", source="office",
    )  # fmt: skip
    assert actions.remind_of_sessions(now=now) == 2
    assert (reminded(world.county_doctor), reminded(world.doctor)) == (1, 0)
    empty.refresh_from_db()
    assert empty.reminded_at == now
