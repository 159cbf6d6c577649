"""What the tables of courses refuse, whoever writes."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from tests.factories import alliance as make
from tests.factories import courses as build
from training.courses.choices import EntryStatus, HoursKind, PartKind, SeatStatus
from training.courses.models import (
    ContestResult,
    Course,
    CoursePart,
    HoursEntry,
    KeyDoctor,
    PartProgress,
    Seat,
    Session,
    SimulationCentre,
)

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 2)


def refused(constraint, act, /, *args, **values):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        act(*args, **values)


def rows(row):
    """The stored row as a queryset, so that values go past every check of ours."""
    return type(row).objects.filter(pk=row.pk)


@pytest.fixture
def person(db):
    return make.PractitionerFactory()


@pytest.fixture
def session(db):
    return build.SessionFactory()


def test_a_course_has_a_mode_and_a_sane_number_of_hours():
    course = build.CourseFactory()
    refused("courses_course_mode", rows(course).update, mode="by post")
    refused("courses_course_hours", rows(course).update, hours=-1)
    rows(course).update(hours=0)
    assert Course.objects.get().hours == 0


def test_a_part_is_a_file_or_an_address():
    course = build.CourseFactory()
    values = {"course": course, "kind": PartKind.LINK, "title": "指南", "url": "https://a.example"}
    part = CoursePart.objects.create(**values)
    refused("courses_part_content", rows(part).update, url="")
    refused("courses_part_content", rows(part).update, kind=PartKind.VIDEO)
    refused("courses_part_kind", rows(part).update, kind="scroll", file="a.pdf", url="")
    refused("courses_part_minutes", rows(part).update, minutes=0)
    rows(part).update(kind=PartKind.DOCUMENT, file="courses/a.pdf", url="")


def test_progress_is_one_row_and_ends_after_it_began(person):
    link = {"kind": PartKind.LINK, "title": "指南", "url": "https://a.example"}
    part = CoursePart.objects.create(course=build.CourseFactory(), **link)
    now = timezone.now()
    mine = PartProgress.objects.create(part=part, practitioner=person, opened_at=now)
    again = {"part": part, "practitioner": person, "opened_at": now}
    refused("courses_partprogress_once", PartProgress.objects.create, **again)
    early = now - timedelta(minutes=1)
    refused("courses_partprogress_order", rows(mine).update, done_at=early)


def test_a_session_has_an_order_in_time_and_seats_enough(session):
    refused("courses_session_period", rows(session).update, ends_at=session.starts_at)
    refused("courses_session_seats", rows(session).update, seats=0)
    rows(session).update(taken=2)
    refused("courses_session_not_overbooked", rows(session).update, taken=3)
    refused("courses_session_not_overbooked", rows(session).update, seats=1)


def test_a_session_is_called_off_with_a_reason_or_closed_by_somebody(session):
    now = timezone.now()
    refused("courses_session_cancelled", rows(session).update, cancelled_at=now)
    refused("courses_session_cancelled", rows(session).update, cancel_reason="台风")
    refused("courses_session_closed", rows(session).update, closed_at=now)
    rows(session).update(closed_at=now, closed_by=make.UserFactory())
    both = {"cancelled_at": now, "cancel_reason": "台风"}
    refused("courses_session_closed", rows(session).update, **both)


def test_a_person_has_one_seat_and_is_there_since_a_moment(session, person):
    values = {"session": session, "practitioner": person, "asked_at": timezone.now()}
    seat = Seat.objects.create(status=SeatStatus.BOOKED, **values)
    refused("courses_seat_once", Seat.objects.create, status=SeatStatus.WAITING, **values)
    refused("courses_seat_status", rows(seat).update, status="asleep")
    refused("courses_seat_attended", rows(seat).update, status=SeatStatus.ATTENDED)
    refused("courses_seat_attended", rows(seat).update, attended_at=timezone.now())


def test_hours_have_bounds_a_source_and_a_decision(person):
    entry = build.entry(person)
    refused("courses_hoursentry_hours", rows(entry).update, hours=501)
    refused("courses_hoursentry_kind", rows(entry).update, kind=HoursKind.SESSION)
    refused("courses_hoursentry_kind", rows(entry).update, course=build.CourseFactory())
    refused("courses_hoursentry_decided", rows(entry).update, status=EntryStatus.WAITING)
    refused("courses_hoursentry_decided", rows(entry).update, status=EntryStatus.REFUSED)
    rows(entry).update(status=EntryStatus.REFUSED, refusal="证书看不清")


def test_nothing_is_counted_twice(person, session):
    course, contest = session.course, build.ContestFactory()
    on_site = {"kind": HoursKind.SESSION, "session": session, "course": course}
    cases = {
        "courses_hoursentry_course_once": {"kind": HoursKind.COURSE, "course": course},
        "courses_hoursentry_session_once": on_site,
        "courses_hoursentry_contest_once": {"kind": HoursKind.CONTEST, "contest": contest},
        "courses_hoursentry_elsewhere_once": {},
    }
    for name, values in cases.items():
        first = build.entry(person, **values)
        refused(name, build.entry, person, **values)
        rows(first).update(status=EntryStatus.REFUSED, refusal="考勤更正")
        build.entry(person, **values)
    assert HoursEntry.objects.counting().count() == len(cases)


def test_a_contest_is_entered_once_and_ranks_begin_at_one(person):
    contest = build.ContestFactory()
    same = {"alliance": contest.alliance, "name": contest.name}
    refused("courses_contest_once", build.ContestFactory, **same)
    refused("courses_contest_hours", rows(contest).update, hours=-1)
    refused("courses_contest_cancelled", rows(contest).update, cancel_reason="场地未落实")
    result = ContestResult.objects.create(contest=contest, practitioner=person, rank=1)
    again = {"contest": contest, "practitioner": person}
    refused("courses_contestresult_once", ContestResult.objects.create, **again)
    refused("courses_contestresult_rank", rows(result).update, rank=0)


@pytest.mark.parametrize(
    ("kind", "period", "overlap"),
    [
        (KeyDoctor, "courses_keydoctor_period", "courses_keydoctor_no_overlap"),
        (
            SimulationCentre,
            "courses_simulationcentre_period",
            "courses_simulationcentre_no_overlap",
        ),
    ],
)
def test_what_a_house_has_for_a_period_does_not_overlap(person, kind, period, overlap):
    who = {"practitioner": person} if kind is KeyDoctor else {"name": "模拟中心"}
    values = {"institution": person.institution, **who}
    first = kind.objects.create(valid_from=DAY, **values)
    refused(overlap, kind.objects.create, valid_from=DAY + timedelta(days=9), **values)
    refused(period, rows(first).update, valid_until=DAY)
    rows(first).update(valid_until=DAY + timedelta(days=9))
    kind.objects.create(valid_from=DAY + timedelta(days=9), **values)


def test_check_in_codes_differ():
    assert build.SessionFactory().token != build.SessionFactory().token
    assert Session.objects.count() == 2
