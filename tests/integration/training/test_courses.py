"""Pages of courses: what people read, do and are told there."""

from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from alliance.core.choices import ImportState
from tests.access.cast import give_second_factor, signed_in
from tests.access.things import PNG, picture
from tests.factories import courses as build
from tests.integration.core.importing import bring_in, reasons, speak_english
from training.courses import actions
from training.courses.choices import EntryStatus, Mode, SeatStatus
from training.courses.models import Course, CoursePart, HoursEntry, PartProgress, Seat, Session

pytestmark = pytest.mark.django_db
FILM = b"\0\0\0\x18ftypmp42" + bytes(range(256)) * 4


@pytest.fixture
def browser(world):
    """`browser(world.doctor)` is signed in, in English, with a second factor."""

    def sign_in(user):
        give_second_factor(user)
        return signed_in(user)

    return sign_in


def page(client, route, *args, **query):
    answer = client.get(reverse(route, args=args), query_params=query)
    assert answer.status_code == 200, answer.content
    return answer.content.decode()


def post(client, route, *args, **sent):
    return client.post(reverse(route, args=args), sent)


@pytest.fixture
def online(world):
    """An online course of a link and a film."""
    course = build.course(world, mode=Mode.ONLINE, title="微创基础理论")
    actions.add_part(
        course=course, by=world.trainer, kind="video", title="录像", minutes=20,
        file=ContentFile(FILM, name="录像.mp4"),
    )  # fmt: skip
    return course


def test_an_online_course_is_gone_through_part_by_part(world, browser, online):
    doctor = browser(world.doctor)
    first, film = online.parts.order_by("order")
    assert "Begin" in page(doctor, "courses:course", online.public_id)
    shown = page(doctor, "courses:part", first.public_id)
    assert "part 1 of 2" in shown
    assert "Begin this part" in shown
    assert not PartProgress.objects.exists()
    begun = post(doctor, "courses:part_begin", first.public_id)
    assert begun.url == first.get_absolute_url()
    assert "I have worked through it" in page(doctor, "courses:part", first.public_id)
    early = post(doctor, "courses:part_done", first.public_id)
    assert early.status_code == 409
    assert "takes about 10 minutes" in early.content.decode()
    PartProgress.objects.update(opened_at=timezone.now() - timedelta(hours=1))
    on = post(doctor, "courses:part_done", first.public_id)
    assert on.url == film.get_absolute_url()
    assert "1 of 2 parts" in page(doctor, "courses:index")
    assert 'data-place="0"' in page(doctor, "courses:part", film.public_id)
    url = reverse("courses:part_begin", args=[film.public_id])
    fragment = doctor.post(url, HTTP_HX_REQUEST="true").content.decode()
    assert fragment.lstrip().startswith('<div id="part-state">')
    assert "I have worked through it" in fragment
    assert post(doctor, "courses:part_place", film.public_id, position="95").json() == {
        "position": 95
    }
    assert post(doctor, "courses:part_place", film.public_id, position="x").status_code == 422
    assert 'data-place="95"' in page(doctor, "courses:part", film.public_id)
    PartProgress.objects.update(opened_at=timezone.now() - timedelta(hours=1))
    done = doctor.post(reverse("courses:part_done", args=[film.public_id]), follow=True)
    assert "6 hours are in your ledger" in done.content.decode()
    assert "微创基础理论" in page(doctor, "courses:hours")


@pytest.mark.parametrize(
    ("asked", "status", "told", "first"),
    [
        ("", 200, None, 0),
        ("bytes=12-", 206, f"bytes 12-{len(FILM) - 1}/{len(FILM)}", 12),
        ("bytes=0-99999", 206, f"bytes 0-{len(FILM) - 1}/{len(FILM)}", 0),
        ("bytes=-4", 206, f"bytes {len(FILM) - 4}-{len(FILM) - 1}/{len(FILM)}", -4),
        ("bytes=-", 200, None, 0),
        ("bytes=9-3", 416, f"bytes */{len(FILM)}", None),
        ("bytes=99999-", 416, f"bytes */{len(FILM)}", None),
    ],
)
def test_a_film_is_handed_out_in_the_pieces_a_player_asks_for(
    world, browser, online, asked, status, told, first
):
    film = online.parts.get(kind="video")
    headers = {"Range": asked} if asked else {}
    answer = browser(world.doctor).get(
        reverse("courses:part_file", args=[film.public_id]), headers=headers
    )
    assert (answer.status_code, answer.get("Content-Range")) == (status, told)
    if first is not None:
        assert b"".join(answer.streaming_content) == FILM[first:]
        assert answer["X-Content-Type-Options"] == "nosniff"


def test_a_link_has_no_file(world, browser, online):
    link = online.parts.get(kind="link")
    answer = browser(world.doctor).get(reverse("courses:part_file", args=[link.public_id]))
    assert answer.status_code == 404


def test_a_trainer_enters_a_course_with_its_material_and_offers_it(world, browser):
    trainer = browser(world.trainer)
    sent = {"owner": f"h{world.township.pk}", "title": "打结实训", "mode": "online", "hours": "2"}
    course_url = post(trainer, "courses:course_new", **sent).url
    course = Course.objects.get()
    assert course_url == course.get_absolute_url()
    empty = post(trainer, "courses:course_publish", course.public_id, version=1)
    assert empty.status_code == 409
    part = {"kind": "document", "title": "讲义", "minutes": "5"}
    wrong = post(trainer, "courses:part_new", course.public_id, **part)
    assert wrong.status_code == 422
    assert "Choose a file." in wrong.content.decode()
    post(trainer, "courses:part_new", course.public_id, **part, file=picture("讲义.png"))
    assert CoursePart.objects.get().file_name == "讲义.png"
    assert "draft" in page(trainer, "courses:course", course.public_id)
    post(trainer, "courses:course_publish", course.public_id, version=1)
    assert "Begin" in page(browser(world.doctor), "courses:course", course.public_id)


def test_a_seat_is_booked_on_the_page_and_given_up_again(world, browser):
    session = build.session(world, seats=1)
    doctor, other = browser(world.doctor), browser(world.county_doctor)
    assert "1 of 1 seats free" in page(doctor, "courses:sessions")
    post(doctor, "courses:seat_book", session.public_id)
    assert "full, 1 seats" in page(other, "courses:session", session.public_id)
    told = other.post(reverse("courses:seat_book", args=[session.public_id]), follow=True)
    assert "You are told as soon as one is yours" in told.content.decode()
    assert "Give up my seat" in page(doctor, "courses:session", session.public_id)
    assert session.course.title in page(doctor, "courses:sessions", mine="true")
    assert session.course.title not in page(doctor, "courses:sessions", mine="false")
    post(doctor, "courses:seat_leave", session.public_id)
    assert dict(Seat.objects.values_list("practitioner__name", "status")) == {
        "李文": SeatStatus.CANCELLED,
        "王建国": SeatStatus.BOOKED,
    }


def test_who_learns_under_no_name_is_told_what_to_do(world, browser):
    session = build.session(world)
    answer = post(browser(world.township_liaison), "courses:seat_book", session.public_id)
    assert answer.status_code == 403
    assert "belongs to no practitioner" in answer.content.decode()


def test_the_code_on_the_screen_leads_to_one_button(world, browser):
    session = build.session(world, starts_in=-timedelta(hours=1))
    trainer, doctor = browser(world.trainer), browser(world.doctor)
    address = reverse("courses:check_in", args=[session.token])
    assert address in page(trainer, "courses:session_code", session.public_id)
    before = page(doctor, "courses:check_in", session.token)
    assert "I am here" in before
    assert "You have not booked" in before
    after = doctor.post(address, follow=True).content.decode()
    assert "You are checked in since" in after
    post(trainer, "courses:session_code", session.public_id)
    assert doctor.get(address).status_code == 404
    shown = page(trainer, "courses:session", session.public_id)
    assert "checked in" in shown
    assert "Was not there" in shown


def test_a_session_is_changed_called_off_and_closed_by_who_keeps_it(world, browser):
    session = build.session(world)
    trainer = browser(world.trainer)
    shown = page(trainer, "courses:session_edit", session.public_id)
    assert f'value="{session.place}"' in shown
    silent = post(trainer, "courses:session_cancel", session.public_id, version=1, reason="")
    assert silent.status_code == 422
    added = post(trainer, "courses:seat_add", session.public_id, practitioner="nobody")
    assert added.status_code == 422
    post(trainer, "courses:session_cancel", session.public_id, version=1, reason="台风")
    off = page(browser(world.doctor), "courses:session", session.public_id)
    assert "台风" in off
    assert "Book" not in off
    begun = build.session(world, starts_in=-timedelta(hours=1))
    post(trainer, "courses:session_close", begun.public_id, version=1)
    assert "Attendance closed" in page(trainer, "courses:session", begun.public_id)
    assert begun.course.title in page(trainer, "courses:course", begun.course.public_id)
    Session.objects.update(
        starts_at=timezone.now() - timedelta(days=2), ends_at=timezone.now() - timedelta(days=1)
    )
    days = {"since": timezone.localdate() - timedelta(days=3), "until": timezone.localdate()}
    assert begun.course.title in page(trainer, "courses:sessions", over="true", **days)


def test_a_plan_in_the_past_comes_back_with_what_was_typed(world, browser):
    sent = {
        "starts_at": "2020-01-01T09:00", "ends_at": "2020-01-01T08:00", "place": "二楼",
        "institution": str(world.township.public_id), "seats": "5",
    }  # fmt: skip
    course = build.course(world)
    answer = post(browser(world.trainer), "courses:session_new", course.public_id, **sent)
    assert answer.status_code == 422
    shown = answer.content.decode()
    assert "still to come" in shown
    assert "2020-01-01T09:00" in shown


def test_hours_wait_are_confirmed_and_show_how_the_year_stands(world, browser):
    doctor, trainer = browser(world.doctor), browser(world.trainer)
    sent = {"title": "省级学习班", "on": str(timezone.localdate()), "hours": "1.5"}
    far = post(doctor, "courses:hours_new", **(sent | {"on": "2999-01-01"}))
    assert far.status_code == 422
    post(doctor, "courses:hours_new", **sent, evidence=picture("证书.png"))
    entry = HoursEntry.objects.get()
    waiting = page(trainer, "courses:hours_house", status="waiting")
    assert "1 entry to be confirmed" in waiting
    assert reverse("courses:hours_confirm", args=[entry.public_id]) in waiting
    assert "1 to be confirmed" in page(trainer, "training:home")
    assert "Count them" not in page(doctor, "courses:hours")
    silent = post(trainer, "courses:hours_refuse", entry.public_id, reason="")
    assert silent.status_code == 422
    post(trainer, "courses:hours_confirm", entry.public_id)
    assert "1.5" in page(trainer, "courses:hours_of", world.practitioner.public_id)
    file = doctor.get(reverse("courses:hours_evidence", args=[entry.public_id]))
    assert (file["Content-Type"], b"".join(file.streaming_content)) == ("image/png", PNG)
    bare = build.claim(world)
    gone = doctor.get(reverse("courses:hours_evidence", args=[bare.public_id]))
    assert gone.status_code == 404
    post(trainer, "courses:hours_refuse", bare.public_id, reason="看不清")
    assert "看不清" in page(doctor, "courses:hours")


def test_a_contest_and_the_three_ones_of_a_house(world, browser):
    office = browser(world.office)
    contest = build.contest(world)
    me = str(world.practitioner.public_id)
    post(office, "courses:contest_result", contest.public_id, practitioner=me, rank="1")
    again = post(office, "courses:contest_result", contest.public_id, practitioner=me)
    assert again.status_code == 422
    assert "1. 李文" in page(browser(world.doctor), "courses:contest", contest.public_id)
    assert contest.name in page(office, "courses:three_ones")
    edited = {"name": "春季竞赛", "held_on": contest.held_on, "institution": "云溪县人民医院"}
    sent = edited | {"hours": "4", "version": contest.version}
    wrong = post(office, "courses:contest_edit", contest.public_id, **sent | {"name": ""})
    assert wrong.status_code == 422
    post(office, "courses:contest_edit", contest.public_id, **sent)
    late = post(office, "courses:contest_edit", contest.public_id, **sent | {"name": "再改"})
    assert late.status_code == 412
    assert "Call the contest off" not in page(office, "courses:contest", contest.public_id)
    twice = build.contest(world)
    off = {"version": twice.version, "reason": ""}
    assert post(office, "courses:contest_call_off", twice.public_id, **off).status_code == 422
    post(office, "courses:contest_call_off", twice.public_id, **off | {"reason": "重复录入"})
    gone = page(office, "courses:contest", twice.public_id)
    assert "重复录入" in gone
    assert "Enter a result" not in gone
    assert "Called off" in page(office, "courses:contests")
    house = world.township.public_id
    assert "no key doctor" in page(office, "courses:three_ones_of", house)
    assert "no simulation centre" in page(office, "courses:three_ones", search="云溪县人民医院")
    today = str(timezone.localdate())
    post(office, "courses:key_doctor_new", house, practitioner=me, valid_from=today)
    shown = page(office, "courses:three_ones_of", house)
    assert "李文" in shown
    assert "no key doctor" not in shown
    post(office, "courses:centre_new", world.county.public_id, name="中心", valid_from=today)
    assert "中心" in page(office, "courses:three_ones", search="云溪县人民医院")
    post_ = world.township.key_doctors.get()
    wrong = post(office, "courses:key_doctor_end", post_.public_id, last=today)
    assert wrong.status_code == 422


@pytest.mark.parametrize(
    "route", ["courses:index", "courses:sessions", "courses:hours_house", "courses:three_ones"]
)
def test_a_filter_that_nobody_knows_is_told(world, browser, route):
    wrong = {"mode": "x", "since": "x", "status": "x", "tier": "x"}
    answer = browser(world.township_manager).get(reverse(route), query_params=wrong)
    assert answer.status_code == 422


# --- Excel ----------------------------------------------------------------------------------------

HEAD = ["practitioner", "on", "title", "hours", "ref", "is_thematic"]


def test_hours_come_in_from_excel_once(world):
    by = world.trainer
    speak_english(by)
    me, day = world.practitioner.licence_number, "2026-03-01"
    rows = (HEAD, [me, day, "省级学习班", "6.5", "ZJ-1", "yes"], [me, day, "市级培训", "2", "", ""])
    job = bring_in(by, "education-hours", *rows)
    assert job.state == ImportState.DONE, job.errors
    entry = HoursEntry.objects.get(title="省级学习班")
    assert (str(entry.hours), entry.status, entry.decided_by) == ("6.5", "confirmed", by)
    assert (entry.is_thematic, entry.on, entry.alliance) == (True, date(2026, 3, 1), world.alliance)
    changed = [HEAD, [me, day, "省级学习班", "8", "ZJ-1", "yes"], rows[2]]
    job = bring_in(by, "education-hours", *changed)
    assert (job.summary["new"], job.summary["changed"], job.summary["same"]) == (0, 1, 1)
    assert HoursEntry.objects.get(title="省级学习班").hours == 8


def test_hours_leave_as_numbers_and_come_back_the_same(world, browser):
    by = world.trainer
    for title, hours in [("省级学习班", "6.5"), ("省级培训", "20")]:
        actions.claim_hours(
            practitioner=world.practitioner, by=by, on=timezone.localdate(),
            hours=Decimal(hours), title=title,
        )  # fmt: skip
    answer = browser(by).get(reverse("core:export", args=["education-hours"]))
    head, *lines = load_workbook(BytesIO(b"".join(answer.streaming_content))).active.values
    place = next(index for index, title in enumerate(head) if "hours" in title.lower())
    assert sorted(line[place] for line in lines) == [6.5, 20]
    job = bring_in(by, "education-hours", head, *lines)
    assert job.state == ImportState.DONE, job.errors
    assert (job.summary["new"], job.summary["changed"], job.summary["same"]) == (0, 0, 2)


def test_a_claim_that_waits_counts_when_the_house_brings_it_in(world):
    claimed = build.claim(world)
    day = str(claimed.on)
    row = [world.practitioner.licence_number, day, claimed.title, "6", "", ""]
    job = bring_in(world.township_manager, "education-hours", HEAD, row)
    assert job.state == ImportState.DONE, job.errors
    claimed.refresh_from_db()
    assert claimed.status == EntryStatus.CONFIRMED


def test_hours_that_cannot_be_are_told_by_row_and_column(world):
    by = world.trainer
    speak_english(by)
    world.trainer.practitioner = make_own(world)
    world.trainer.save()
    me, own = world.practitioner.licence_number, world.trainer.practitioner.licence_number
    theirs = world.county_doctor.practitioner.licence_number
    job = bring_in(
        by, "education-hours", HEAD,
        [me, "2026-03-01", "a", "six", "", ""],
        [me, "2999-03-01", "b", "6", "", ""],
        [me, "2026-03-01", "c", "0", "", ""],
        [theirs, "2026-03-01", "d", "6", "", ""],
        [own, "2026-03-01", "e", "6", "", ""],
        ["nobody", "2026-03-01", "f", "6", "", ""],
        [me, "2026-03-01", "g", "1.25", "", ""],
    )  # fmt: skip
    assert job.state == ImportState.REFUSED
    assert {column for _row, column in reasons(job)} <= {"hours", "on", "practitioner"}
    assert not HoursEntry.objects.exists()


def make_own(world):
    from tests.factories import alliance as make

    return make.PractitionerFactory(institution=world.township)


@pytest.mark.parametrize("name", ["courses", "attendance", "education-hours"])
def test_tables_go_out_with_what_the_list_shows(world, browser, name):
    build.seat(world, build.session(world))
    build.claim(world)
    answer = browser(world.trainer).get(reverse("core:export", args=[name]))
    assert answer.status_code == 200
    assert len(b"".join(answer.streaming_content)) > 2000
