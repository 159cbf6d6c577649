"""Courses, sessions and hours: as rows, for what the tables refuse, and by actions."""

from datetime import date, timedelta
from decimal import Decimal

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from tests.factories import alliance as make
from training.courses import actions
from training.courses.choices import EntryStatus, HoursKind, Mode, PartKind
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


# --- Through actions ----------------------------------------------------------------------------


def course(world, **more):
    """A published course on site that the township offers."""
    values = {"title": "清创缝合实训", "mode": Mode.ONSITE, "hours": Decimal(6)} | more
    by = world.township_manager
    made = actions.create_course(by=by, institution=world.township, **values)
    if made.mode == Mode.ONLINE:
        link(made, by=by)
    return actions.publish_course(course=made, by=by, version=made.version)


def link(course, *, by, title="操作规范", minutes=10):
    """One more part of a course: a page elsewhere."""
    address = "https://guideline.example/norm"
    return actions.add_part(
        course=course, by=by, kind=PartKind.LINK, title=title, minutes=minutes, url=address
    )


def session(world, course=None, *, seats=2, starts_in=timedelta(days=3), **more):
    """A session of a course of the township; one that has begun is planned before it does."""
    now = timezone.now()
    found = actions.plan_session(
        course=course or _course(world),
        by=world.township_manager,
        starts_at=now + timedelta(days=9),
        ends_at=now + timedelta(days=9, hours=3),
        institution=world.township,
        place="三楼技能培训室",
        seats=seats,
        **more,
    )
    moved = {"starts_at": now + starts_in, "ends_at": now + starts_in + timedelta(hours=3)}
    Session.objects.filter(pk=found.pk).update(**moved)
    found.refresh_from_db()
    return found


_course = course


def seat(world, session, *, practitioner=None, by=None):
    """A seat, or a place in the queue, at a session."""
    person = practitioner or world.practitioner
    return actions.take_seat(session=session, practitioner=person, by=by or world.township_manager)


def claim(world, *, title="省级腹腔镜学习班", **more):
    """Hours from elsewhere that the doctor of the township enters; they wait."""
    return actions.claim_hours(
        practitioner=world.practitioner,
        by=world.doctor,
        on=timezone.localdate(),
        hours=Decimal(6),
        title=title,
        **more,
    )


def contest(world, *, name="微创技能竞赛", hours=4):
    """A contest of the alliance, held today."""
    return actions.create_contest(
        alliance=world.alliance,
        by=world.office,
        name=name,
        held_on=timezone.localdate(),
        institution=world.county,
        hours=Decimal(hours),
    )
