"""What other rooms hear about learning: by dates, for many people, in one query each."""

from datetime import date
from decimal import Decimal

import pytest

from tests.factories import alliance as make
from tests.factories import courses as build
from training.courses import selectors
from training.courses.choices import EntryStatus, HoursKind

pytestmark = pytest.mark.django_db
YEAR = {"since": date(2026, 1, 1), "until": date(2027, 1, 1)}


@pytest.fixture
def people(db):
    house = make.InstitutionFactory()
    return [make.PractitionerFactory(institution=house) for _each in range(2)]


def test_courses_count_from_the_day_they_were_completed(people, django_assert_num_queries):
    first, second = people
    course, entry = build.CourseFactory(), build.CourseFactory(is_entry=True)
    build.completion(first, course, on=date(2026, 3, 2))
    build.completion(first, entry, on=date(2026, 3, 9))
    session = build.SessionFactory(course=course)
    again = {"kind": HoursKind.SESSION, "session": session, "course": course}
    build.entry(first, on=date(2026, 5, 1), **again)
    taught = {"kind": HoursKind.TEACHING, "session": session}
    build.entry(second, on=date(2026, 3, 2), **taught)
    ids = [person.pk for person in people]
    with django_assert_num_queries(1):
        found = selectors.completed_courses(ids, on=date(2026, 3, 2))
    assert found == {first.pk: {course.pk: date(2026, 3, 2)}}
    assert selectors.completed_courses(ids, on=date(2026, 3, 1)) == {}
    later = selectors.completed_courses(ids, on=date(2026, 6, 1))
    assert later == {first.pk: {course.pk: date(2026, 3, 2), entry.pk: date(2026, 3, 9)}}
    with django_assert_num_queries(1):
        assert selectors.entry_done(ids, on=date(2026, 3, 9)) == {first.pk: date(2026, 3, 9)}
    assert selectors.entry_done(ids, on=date(2026, 3, 8)) == {}


def test_hours_of_a_year_are_those_confirmed_within_it(people, django_assert_num_queries):
    first, second = people
    build.entry(first, on=date(2026, 1, 1), hours="1.5", is_thematic=True)
    build.entry(first, on=date(2026, 12, 31), hours=2)
    build.entry(first, on=date(2027, 1, 1), hours=8, is_thematic=True)
    build.entry(first, on=date(2025, 12, 31), hours=8)
    waiting = {"status": EntryStatus.WAITING, "decided_at": None}
    build.entry(second, hours=20, is_thematic=True, **waiting)
    ids = [person.pk for person in people]
    with django_assert_num_queries(1):
        assert selectors.hours_by(ids, **YEAR) == {first.pk: Decimal("3.5")}
    with django_assert_num_queries(1):
        assert selectors.thematic_by(ids, **YEAR) == {first.pk: 1}
