"""Courses, sessions and hours as rows, for tests of what the tables refuse and of other rooms."""

from datetime import date, timedelta
from decimal import Decimal

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from tests.factories import alliance as make
from training.courses.choices import EntryStatus, HoursKind, Mode
from training.courses.models import Contest, Course, HoursEntry, Session


class CourseFactory(DjangoModelFactory):
    class Meta:
        model = Course

    alliance = factory.SubFactory(make.AllianceFactory)
    title = factory.Sequence(lambda n: f"腹腔镜基础课程{n}")
    mode = Mode.ONSITE
    hours = Decimal(6)
    is_published = True


class SessionFactory(DjangoModelFactory):
    class Meta:
        model = Session

    course = factory.SubFactory(CourseFactory)
    alliance = factory.SelfAttribute("course.alliance")
    institution = factory.SubFactory(make.InstitutionFactory)
    starts_at = factory.LazyFunction(lambda: timezone.now() + timedelta(days=3))
    ends_at = factory.LazyAttribute(lambda o: o.starts_at + timedelta(hours=3))
    place = "三楼技能培训室"
    seats = 2


class ContestFactory(DjangoModelFactory):
    class Meta:
        model = Contest

    alliance = factory.SubFactory(make.AllianceFactory)
    name = factory.Sequence(lambda n: f"微创技能竞赛{n}")
    held_on = date(2026, 5, 1)
    institution = factory.SubFactory(make.InstitutionFactory)


def entry(practitioner, *, on=date(2026, 3, 2), hours=6, **more):
    """Hours that count, earned elsewhere unless told otherwise."""
    values = {
        "kind": HoursKind.EXTERNAL,
        "title": "省级学习班",
        "status": EntryStatus.CONFIRMED,
        "decided_at": timezone.now(),
        "institution": practitioner.institution,
    }
    return HoursEntry.objects.create(
        practitioner=practitioner, on=on, hours=Decimal(hours), **(values | more)
    )


def completion(practitioner, course, *, on=date(2026, 3, 2)):
    """A course that somebody completed on a day."""
    return entry(
        practitioner,
        on=on,
        hours=course.hours,
        kind=HoursKind.COURSE,
        course=course,
        title=course.title,
        alliance=course.alliance,
        is_thematic=course.is_thematic,
    )
