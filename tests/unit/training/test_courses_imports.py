"""Lists of courses and sheets that people signed, brought in from Excel by the actions of the pages."""

from datetime import timedelta

import pytest
from django.utils import timezone

from alliance.core.choices import ImportState
from alliance.core.exchange.spec import find
from alliance.core.models import PolicySetting
from tests.factories import alliance as make
from tests.factories import courses as build
from tests.integration.core.importing import bring_in, reasons, speak_english
from training.courses.models import Course, HoursEntry, Seat

pytestmark = pytest.mark.django_db
COURSE = ["title", "mode", "owner", "technique", "hours", "is_thematic"]
SHEET = ["course", "starts_at", "practitioner", "status"]


def counts(job):
    assert job.state == ImportState.DONE, job.errors
    return tuple(job.summary[name] for name in ("new", "changed", "same"))


def test_a_list_of_courses_comes_in_as_drafts_once(world):
    rows = [
        ["清创缝合实训", "onsite", "", "86.2200x011", "6.5", "yes"],
        ["无菌术", "online", world.township.name, "", "2", ""],
    ]
    assert counts(bring_in(world.trainer, "courses", COURSE, *rows)) == (2, 0, 0)
    first = Course.objects.get(title="清创缝合实训")
    assert (first.institution, first.alliance, first.technique) == (
        world.township, world.alliance, world.debridement,
    )  # fmt: skip
    assert (str(first.hours), first.is_thematic, first.is_published) == ("6.5", True, False)
    assert counts(bring_in(world.trainer, "courses", COURSE, *rows)) == (0, 0, 2)
    assert counts(bring_in(world.office, "courses", COURSE, [*rows[0][:2], "", *rows[0][3:]])) == (
        1, 0, 0,
    )  # fmt: skip
    assert Course.objects.filter(institution=None, alliance=world.alliance).count() == 1


def test_courses_are_refused_by_row_and_column(world):
    build.course(world)
    speak_english(world.trainer)
    job = bring_in(
        world.trainer, "courses", COURSE,
        ["清创缝合实训", "onsite", "", "", "8", ""],
        ["a", "onsite", world.county.name, "", "6", ""],
        ["b", "onsite", "?", "", "6", ""],
        ["c", "onsite", "", "?", "6", ""],
        ["d", "onsite", "", "", "501", ""],
        ["e", "onsite", "", "", "6", ""],
        ["e", "onsite", "", "", "7", ""],
    )  # fmt: skip
    assert job.state == ImportState.REFUSED
    assert reasons(job) == [
        (2, "title"), (3, ""), (4, "owner"), (5, "technique"), (6, "hours"), (8, ""),
    ]  # fmt: skip
    assert Course.objects.count() == 1


@pytest.fixture
def held(world):
    """A session that began an hour ago, with a seat of the doctor and a free one."""
    session = build.session(world)
    build.seat(world, session)
    moved = timezone.now().replace(second=0, microsecond=0) - timedelta(hours=1)
    type(session).objects.filter(pk=session.pk).update(
        starts_at=moved, ends_at=moved + timedelta(hours=3)
    )
    session.refresh_from_db()
    return session


def signed(session, who, status=""):
    at = timezone.localtime(session.starts_at)
    return [session.course.title, f"{at:%Y-%m-%d %H:%M}", who.licence_number, status]


def test_a_signed_sheet_says_who_was_there(world, held):
    walked_in = make.PractitionerFactory(institution=world.township)
    rows = [signed(held, world.practitioner), signed(held, walked_in, "attended")]
    assert counts(bring_in(world.trainer, "attendance", SHEET, *rows)) == (2, 0, 0)
    assert set(Seat.objects.values_list("status", flat=True)) == {"attended"}
    assert HoursEntry.objects.counting().count() == 2
    held.refresh_from_db()
    assert held.taken == 2
    assert counts(bring_in(world.trainer, "attendance", SHEET, *rows)) == (0, 0, 2)
    corrected = [signed(held, world.practitioner, "absent"), rows[1]]
    assert counts(bring_in(world.trainer, "attendance", SHEET, *corrected)) == (1, 0, 1)
    assert HoursEntry.objects.counting().get().practitioner == walked_in


def test_a_sheet_is_refused_by_row_and_column_and_leaves_nothing(world, held):
    speak_english(world.trainer)
    walked_in = [make.PractitionerFactory(institution=world.township) for _each in range(2)]
    stranger = make.PractitionerFactory(institution=world.outside)
    row = signed(held, world.practitioner)
    job = bring_in(
        world.trainer, "attendance", SHEET,
        row, ["没有这门课", *row[1:]], [row[0], "2026-01-01 08:00", *row[2:]],
        signed(held, stranger), signed(held, walked_in[0]), signed(held, walked_in[1]),
        signed(held, make.PractitionerFactory(institution=world.township), "waiting"), row,
        [*row[:2], "nobody", ""],
        signed(held, make.PractitionerFactory(institution=world.township), "absent"),
    )  # fmt: skip
    assert reasons(job) == [
        (3, "starts_at"), (4, "starts_at"), (5, ""), (7, ""), (8, "status"), (9, ""),
        (10, "practitioner"), (11, ""),
    ]  # fmt: skip
    assert (Seat.objects.get().status, HoursEntry.objects.count()) == ("booked", 0)


def test_who_came_without_a_seat_stays_out_where_that_is_the_custom(world, held):
    PolicySetting.objects.create(
        key="course.walk_in", value=False, alliance=world.alliance,
        effective_from=timezone.localdate() - timedelta(days=9), source="t",
    )  # fmt: skip
    walked_in = make.PractitionerFactory(institution=world.township)
    job = bring_in(world.trainer, "attendance", SHEET, signed(held, walked_in))
    assert reasons(job) == [(2, "")]


def test_two_sessions_that_begin_together_are_not_guessed_between(world, held):
    other = build.session(world, held.course)
    type(held).objects.filter(pk=other.pk).update(starts_at=held.starts_at, ends_at=held.ends_at)
    job = bring_in(world.trainer, "attendance", SHEET, signed(held, world.practitioner))
    assert reasons(job) == [(2, "starts_at")]


def test_who_brings_these_tables_in(world):
    people = {world.township_manager, world.office, world.trainer, world.doctor, world.qc}
    for name in ("courses", "attendance"):
        assert {user for user in people if find(name).may_import(user)} == {
            world.township_manager, world.office, world.trainer,
        }  # fmt: skip


def test_a_list_may_leave_the_technique_out(world):
    columns = [name for name in COURSE if name != "technique"]
    row = ["院感知识", "online", world.township.name, "2", ""]
    assert counts(bring_in(world.trainer, "courses", columns, row)) == (1, 0, 0)
    assert Course.objects.get(title="院感知识").technique is None
