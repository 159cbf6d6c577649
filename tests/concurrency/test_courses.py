"""Seats that many want at the same moment: never one too many. Real transactions."""

from datetime import timedelta

import pytest
from django.utils import timezone

from alliance.core.choices import Role
from alliance.people.models import Practitioner
from tests import worlds
from tests.factories import alliance as make
from tests.factories import courses as build
from training.courses import actions
from training.courses.choices import HOLDING, Mode, SeatStatus
from training.courses.models import HoursEntry, PartProgress, Seat, Session

from .together import at_once, refused

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def learners(world, count):
    """Doctors of the township, each with an account."""
    people = [make.PractitionerFactory(institution=world.township) for _each in range(count)]
    return [
        make.staff(Role.DOCTOR, institution=world.township, practitioner=person)
        for person in people
    ]


def held(session):
    session.refresh_from_db()
    seats = Seat.objects.filter(session=session)
    return session.taken, seats.filter(status__in=HOLDING).count(), seats.count()


def booking(session, user):
    def job():
        person = Practitioner.objects.get(pk=user.practitioner_id)
        mine = Session.objects.get(pk=session.pk)
        return actions.take_seat(session=mine, practitioner=person, by=user).status

    return job


def test_ten_book_three_seats_at_once():
    world = worlds.alliance()
    session = build.session(world, seats=3)
    answers = at_once(*[booking(session, user) for user in learners(world, 10)])
    assert sorted(answers) == [SeatStatus.BOOKED] * 3 + [SeatStatus.WAITING] * 7
    assert held(session) == (3, 3, 10)


def test_a_double_tap_books_one_seat():
    world = worlds.alliance()
    session = build.session(world, seats=5)
    (user,) = learners(world, 1)
    answers = at_once(*[booking(session, user)] * 4)
    assert answers == [SeatStatus.BOOKED] * 4
    assert held(session) == (1, 1, 1)


def test_seats_given_up_while_others_book_go_to_the_queue_each_once():
    world = worlds.alliance()
    session = build.session(world, seats=3)
    users = learners(world, 9)
    for user in users[:6]:
        booking(session, user)()

    def leaving(user):
        def job():
            person = Practitioner.objects.get(pk=user.practitioner_id)
            mine = Session.objects.get(pk=session.pk)
            return actions.leave_seat(session=mine, practitioner=person, by=user).status

        return job

    jobs = [leaving(user) for user in users[:3]] + [booking(session, user) for user in users[6:]]
    answers = at_once(*jobs)
    assert refused(answers) == []
    assert held(session)[:2] == (3, 3)
    first = set(
        Seat.objects.filter(session=session, status=SeatStatus.BOOKED).values_list(
            "practitioner_id", flat=True
        )
    )
    assert first == {user.practitioner_id for user in users[3:6]}


def test_two_who_walk_in_share_no_chair():
    world = worlds.alliance()
    session = build.session(world, seats=1, starts_in=-timedelta(hours=1))

    def checking(user):
        def job():
            person = Practitioner.objects.get(pk=user.practitioner_id)
            return actions.check_in(token=session.token, practitioner=person, by=user).status

        return job

    answers = at_once(*[checking(user) for user in learners(world, 4)])
    assert [answer.code for answer in refused(answers)] == ["no_seat"] * 3
    assert held(session) == (1, 1, 1)
    assert HoursEntry.objects.count() == 1


def test_the_last_two_parts_done_at_once_complete_the_course_once():
    world = worlds.alliance()
    course = build.course(world, mode=Mode.ONLINE)
    build.link(course, by=world.trainer)
    parts = list(course.parts.all())
    for part in parts:
        actions.open_part(part=part, practitioner=world.practitioner, by=world.doctor)
    PartProgress.objects.update(opened_at=timezone.now() - timedelta(hours=1))

    def finishing(part):
        return lambda: actions.finish_part(
            part=part, practitioner=world.practitioner, by=world.doctor
        )

    answers = at_once(*[finishing(part) for part in parts * 2])
    assert refused(answers) == []
    assert HoursEntry.objects.counting().count() == 1
