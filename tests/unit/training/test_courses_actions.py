"""Courses and parts: who keeps them, how they are worked through, what completes them."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import ContentFile
from django.utils import timezone

from alliance.core.errors import DomainError, StaleVersion
from alliance.core.models import AuditEntry
from tests.access.things import picture
from tests.factories import alliance as make
from tests.factories import courses as build
from training.courses import actions, selectors
from training.courses.choices import EntryStatus, HoursKind, Mode
from training.courses.models import Course, CoursePart, HoursEntry, PartProgress

pytestmark = pytest.mark.django_db
FILM = b"\0\0\0\x18ftypmp42" + b"\0" * 400


@pytest.fixture
def online(world):
    """A published online course of one part of ten minutes."""
    return build.course(world, mode=Mode.ONLINE, is_thematic=True)


def work_through(world, part):
    """Open a part, let the time pass, and mark it as done."""
    actions.open_part(part=part, practitioner=world.practitioner, by=world.doctor)
    long_ago = timezone.now() - timedelta(hours=2)
    PartProgress.objects.filter(part=part, done_at=None).update(opened_at=long_ago)
    return actions.finish_part(part=part, practitioner=world.practitioner, by=world.doctor)


def test_a_house_offers_in_the_alliance_it_joined_first(world):
    course = build.course(world)
    assert (course.alliance, course.institution) == (world.alliance, world.township)
    assert AuditEntry.objects.filter(action="course.created").exists()
    with pytest.raises(PermissionDenied):
        actions.create_course(by=world.doctor, institution=world.township, title="a", mode="online")
    ours = actions.create_course(
        by=world.office, alliance=world.alliance, title="全员培训", mode="online"
    )
    assert ours.institution is None
    with pytest.raises(PermissionDenied):
        actions.publish_course(course=ours, by=world.township_manager, version=1)
    lonely = make.staff("manager", institution=make.InstitutionFactory())
    with pytest.raises(DomainError) as refused:
        actions.create_course(
            by=lonely, institution=lonely.grants.get().institution, title="a", mode="online"
        )
    assert refused.value.code == "no_alliance"


def test_a_course_is_changed_at_the_version_that_was_seen(world):
    course = build.course(world)
    by = world.township_manager
    with pytest.raises(StaleVersion):
        actions.update_course(course=course, by=by, version=99, title="新名称")
    with pytest.raises(DomainError) as refused:
        actions.update_course(course=course, by=by, version=course.version, mode=Mode.ONLINE)
    assert refused.value.code == "course_published"
    changed = actions.update_course(course=course, by=by, version=course.version, title="新名称")
    assert (changed.title, changed.version) == ("新名称", course.version + 1)
    same = actions.update_course(course=changed, by=by, version=changed.version, title="新名称")
    assert same.version == changed.version


def test_an_online_course_is_published_with_content_and_taken_back(world, online):
    by = world.township_manager
    empty = actions.create_course(by=by, institution=world.township, title="空", mode="online")
    with pytest.raises(DomainError) as refused:
        actions.publish_course(course=empty, by=by, version=1)
    assert refused.value.code == "course_empty"
    again = actions.publish_course(course=online, by=by, version=online.version)
    assert again.version == online.version
    gone = actions.take_back_course(course=online, by=by, version=online.version)
    assert not gone.is_published
    assert not Course.objects.visible_to(world.doctor).filter(pk=online.pk).exists()
    assert Course.objects.visible_to(by).filter(pk=online.pk).exists()


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"kind": "link"}, "url"),
        ({"kind": "link", "url": "javascript:alert(1)"}, "url"),
        ({"kind": "document"}, "file"),
        ({"kind": "document", "file": ContentFile(b"MZ", name="a.pdf")}, "file"),
        ({"kind": "video", "file": ContentFile(b"MZ", name="a.mp4")}, "file"),
    ],
    ids=["no address", "a script", "no file", "a program", "no video"],
)
def test_a_part_without_content_is_refused_at_its_field(world, online, values, field):
    with pytest.raises(ValidationError) as refused:
        actions.add_part(
            course=online, by=world.township_manager, title="讲义", minutes=5, **values
        )
    assert list(refused.value.message_dict) == [field]


def test_parts_are_kept_by_who_keeps_the_course(world, online):
    by = world.trainer
    values = {"course": online, "by": by, "minutes": 5}
    paper = actions.add_part(kind="document", title="讲义", file=picture("讲义.png"), **values)
    film = actions.add_part(
        kind="video", title="录像", file=ContentFile(FILM, name="录像.mp4"), **values
    )
    assert (paper.order, film.order) == (2, 3)
    assert (paper.content_type, film.content_type) == ("image/png", "video/mp4")
    assert "讲义" not in paper.file.name
    assert paper.file_name == "讲义.png"
    changed = actions.update_part(part=film, by=by, title="手术录像")
    assert changed.title == "手术录像"
    actions.update_part(part=film, by=by, title="手术录像")
    assert AuditEntry.objects.filter(action="course.part_changed").count() == 1
    with pytest.raises(PermissionDenied):
        actions.remove_part(part=film, by=world.doctor)


def test_the_place_in_a_part_is_kept(world, online):
    part = online.parts.get()
    mine = {"part": part, "practitioner": world.practitioner, "by": world.doctor}
    actions.open_part(**mine)
    assert actions.keep_place(position=90, **mine) == 90
    assert actions.keep_place(position=10**7, **mine) == part.minutes * 240
    assert PartProgress.objects.get().position == part.minutes * 240
    with pytest.raises(PermissionDenied):
        actions.open_part(part=part, practitioner=world.practitioner, by=world.township_manager)


def test_a_course_is_completed_with_its_last_part_and_counts_once(world, online):
    first, second = online.parts.get(), build.link(online, by=world.trainer, title="第二节")
    mine = {"practitioner": world.practitioner, "by": world.doctor}
    actions.open_part(part=first, **mine)
    with pytest.raises(DomainError) as refused:
        actions.finish_part(part=first, **mine)
    assert refused.value.code == "too_early"
    assert work_through(world, first) is None
    earned = work_through(world, second)
    assert (earned.hours, earned.kind, earned.status) == (6, HoursKind.COURSE, "confirmed")
    assert (earned.is_thematic, earned.institution) == (True, world.township)
    assert work_through(world, second) == earned
    today = timezone.localdate()
    done = selectors.completed_courses([world.practitioner.pk], on=today)
    assert done == {world.practitioner.pk: {online.pk: today}}


def test_taking_out_the_last_open_part_completes_the_course(world, online):
    part, extra = online.parts.get(), build.link(online, by=world.trainer)
    work_through(world, part)
    actions.open_part(part=extra, practitioner=world.practitioner, by=world.doctor)
    assert not HoursEntry.objects.exists()
    actions.remove_part(part=extra, by=world.trainer)
    assert HoursEntry.objects.get().status == EntryStatus.CONFIRMED
    actions.remove_part(part=CoursePart.objects.get(pk=extra.pk), by=world.trainer)
    actions.remove_part(part=part, by=world.trainer)
    assert HoursEntry.objects.count() == 1


def test_material_of_a_course_on_site_completes_nothing(world):
    onsite = build.course(world)
    part = build.link(onsite, by=world.trainer)
    assert work_through(world, part) is None
    assert not HoursEntry.objects.exists()
