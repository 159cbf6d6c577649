"""Who gets which answer from the pages and endpoints of courses.

The township offers the course; its trainer, its administrator and the alliance's office keep it.
"""

from datetime import timedelta

from django.utils import timezone

from tests.access.cast import (
    ALLIANCE,
    BESIDE,
    CLINICAL,
    HERE,
    MANAGERS,
    OFFICES,
    OTHER_ALLIANCE,
    OUTSIDE,
    OVERSEERS,
    PEOPLE,
    SYSTEM,
    SYSTEMS,
    THEIR_SYSTEM,
    THERE,
    TRAINERS,
)
from tests.access.tables import api, day, of, page, pk
from tests.factories import courses as build
from training.courses import actions
from training.courses.choices import Mode

LOOK = CLINICAL | TRAINERS | OVERSEERS
SEE = HERE | THERE | BESIDE | TRAINERS | ALLIANCE
FOREIGN = OUTSIDE | OTHER_ALLIANCE
KEEP = frozenset({"trainer", "manager", "office"})
# Accounts that belong to a practitioner.
LEARN = frozenset({"doctor", "their_doctor"})
DOCTOR = frozenset({"doctor"})
HOUSE = frozenset({"trainer", "manager"})
STAFF_OF = DOCTOR | HOUSE | ALLIANCE
MEMBER_SYSTEMS = SYSTEM | THEIR_SYSTEM | {"other_system"}
POSTS = frozenset({"manager", "office"})


def lay(world):
    """One of each, belonging to the township."""
    from tests.access.things import picture

    online = build.course(world, title="微创基础理论", mode=Mode.ONLINE, is_entry=True)
    onsite = build.course(world, is_thematic=True)
    part = online.parts.get()
    document = actions.add_part(
        course=online,
        by=world.township_manager,
        kind="document",
        title="讲义",
        minutes=5,
        file=picture("讲义.png"),
    )
    later = build.session(world, onsite)
    now = build.session(world, onsite, starts_in=-timedelta(hours=1))
    build.seat(world, later)
    contest = build.contest(world)
    seat = _seat_now(world, now)
    today = timezone.localdate()
    result = actions.record_result(
        contest=contest, practitioner=world.practitioner, by=world.office, rank=1, award="一等奖"
    )
    post = actions.name_key_doctor(
        institution=world.township,
        practitioner=world.practitioner,
        valid_from=today - timedelta(days=30),
        by=world.township_manager,
    )
    centre = actions.open_centre(
        institution=world.township,
        name="模拟培训中心",
        valid_from=today - timedelta(days=30),
        by=world.township_manager,
    )
    return {
        "course": onsite,
        "online_course": online,
        "course_part": part,
        "course_document": document,
        "session": later,
        "session_now": now,
        "session_seat": seat,
        "education_hours": build.claim(world, evidence=picture("证书.png")),
        "contest": contest,
        "contest_result": result,
        "key_doctor": post,
        "simulation_centre": centre,
    }


def _seat_now(world, session):
    """Booked before the session began."""
    from training.courses.choices import SeatStatus
    from training.courses.models import Seat, Session

    Session.objects.filter(pk=session.pk).update(taken=1)
    return Seat.objects.create(
        session=session,
        practitioner=world.practitioner,
        status=SeatStatus.BOOKED,
        asked_at=timezone.now(),
    )


NOUNS = {
    "courses": "course",
    "sessions": "session",
    "education-hours": "education_hours",
}
PAGES = {
    "courses:index": "doctor",
    "courses:sessions": "doctor",
    "courses:hours": "doctor",
    "courses:hours_house": "township_manager",
    "courses:contests": "doctor",
    "courses:three_ones": "office",
}


def grow(world, serial):
    """One more course, session, entry and contest."""
    course = build.course(world, title=f"课程{serial}")
    build.seat(world, build.session(world, course))
    build.claim(world, title=f"学习班{serial}")
    build.contest(world, name=f"竞赛{serial}")


def _moment(hours):
    return timezone.localtime(timezone.now() + timedelta(days=5, hours=hours)).strftime(
        "%Y-%m-%dT%H:%M"
    )


def course_sent(t):
    return {"owner": f"h{t.township.pk}", "title": "新课程", "mode": "online", "hours": "2"}


def session_sent(t):
    return {
        "starts_at": _moment(0),
        "ends_at": _moment(2),
        "institution": str(t.township.public_id),
        "place": "二楼",
        "seats": "5",
    }


def person_sent(t):
    return {"practitioner": str(t.world.practitioner.public_id)}


def claim_sent(t):
    return person_sent(t) | {"title": "市级培训", "on": day(-1), "hours": "3"}


def contest_sent(t):
    house = str(t.county.public_id)
    return {"name": "春季竞赛", "held_on": day(0), "institution": house, "hours": "2"}


def version_of(name, **more):
    return lambda t: {"version": getattr(t, name).version, **more}


def token(name):
    return lambda t: getattr(t, name).token


# fmt: off
COURSES = [
    page("courses:index", "get", {200: LOOK}, 403,
         shows=lambda t: str(t.course.public_id), to=SEE),
    page("courses:course_new", "get", {200: MANAGERS | TRAINERS | OFFICES}, 403),
    page("courses:course_new", "post",
         {302: HOUSE, 422: (MANAGERS - HOUSE) | OFFICES}, 403, sent=course_sent),
    page("courses:course", "get", {200: SEE, 404: FOREIGN}, 403, of.course),
    page("courses:course_edit", "get", {200: KEEP, 404: FOREIGN}, 403, of.course),
    page("courses:course_edit", "post", {302: KEEP, 404: FOREIGN}, 403, of.course,
         sent=lambda t: version_of("course", title="改名", mode="onsite", hours="6")(t)),
    page("courses:course_publish", "post", {302: KEEP, 404: FOREIGN}, 403, of.course,
         sent=version_of("course")),
    page("courses:course_take_back", "post", {302: KEEP, 404: FOREIGN}, 403, of.course,
         sent=version_of("course")),
    page("courses:part_new", "get", {200: KEEP, 404: FOREIGN}, 403, of.online_course),
    page("courses:part_new", "post", {302: KEEP, 404: FOREIGN}, 403, of.online_course,
         sent=lambda t: {"kind": "link", "title": "指南", "minutes": "5",
                         "url": "https://guideline.example/"}),
    page("courses:part", "get", {200: SEE, 404: FOREIGN}, 403, of.course_part),
    page("courses:part_begin", "post", {302: LEARN, 404: FOREIGN}, 403, of.course_part),
    page("courses:part_file", "get", {200: SEE, 404: FOREIGN}, 403, of.course_document),
    page("courses:part_place", "post", {200: LEARN, 404: FOREIGN}, 403, of.course_part,
         sent=lambda t: {"position": "30"}),
    page("courses:part_done", "post", {409: LEARN, 404: FOREIGN}, 403, of.course_part,
         note="too early"),
    page("courses:part_edit", "get", {200: KEEP, 404: FOREIGN}, 403, of.course_part),
    page("courses:part_edit", "post", {302: KEEP, 404: FOREIGN}, 403, of.course_part,
         sent=lambda t: {"title": "规范", "minutes": "9", "order": "1"}),
    page("courses:part_remove", "post", {302: KEEP, 404: FOREIGN}, 403, of.course_part),
]
SESSIONS = [
    page("courses:sessions", "get", {200: LOOK}, 403,
         shows=lambda t: str(t.session.public_id), to=SEE),
    page("courses:session_new", "get", {200: KEEP, 404: FOREIGN}, 403, of.course),
    page("courses:session_new", "post", {302: KEEP, 404: FOREIGN}, 403, of.course,
         sent=session_sent),
    page("courses:session", "get", {200: SEE, 404: FOREIGN}, 403, of.session),
    page("courses:session_edit", "get", {200: KEEP, 404: FOREIGN}, 403, of.session),
    page("courses:session_edit", "post", {302: KEEP, 404: FOREIGN}, 403, of.session,
         sent=lambda t: session_sent(t) | version_of("session")(t)),
    page("courses:session_cancel", "post", {302: KEEP, 404: FOREIGN}, 403, of.session,
         sent=version_of("session", reason="台风")),
    page("courses:session_close", "post", {302: KEEP, 404: FOREIGN}, 403, of.session_now,
         sent=version_of("session_now")),
    page("courses:session_code", "get", {200: KEEP, 404: FOREIGN}, 403, of.session),
    page("courses:session_code", "post", {302: KEEP, 404: FOREIGN}, 403, of.session),
    page("courses:seat_book", "post", {302: LEARN, 404: FOREIGN}, 403, of.session),
    page("courses:seat_leave", "post", {302: DOCTOR, 409: LEARN - DOCTOR, 404: FOREIGN}, 403,
         of.session),
    page("courses:seat_add", "post", {302: KEEP | DOCTOR, 404: FOREIGN}, 403, of.session,
         sent=person_sent),
    page("courses:seat_mark", "post", {302: KEEP, 404: FOREIGN}, 403,
         of.session_now, pk.session_seat, sent=lambda t: {"was_there": "1"}),
    page("courses:check_in", "get", {200: LEARN, 404: FOREIGN}, 403, token("session_now")),
    page("courses:check_in", "post", {302: LEARN, 404: FOREIGN}, 403, token("session_now")),
]
HOURS = [
    page("courses:hours", "get", {200: LEARN}, 403),
    page("courses:hours_house", "get", {200: MANAGERS | TRAINERS | OVERSEERS}, 403,
         shows=lambda t: str(t.education_hours.title), to=HOUSE | ALLIANCE),
    page("courses:hours_of", "get", {200: STAFF_OF, 404: LOOK - STAFF_OF}, 403,
         lambda t: t.world.practitioner.public_id),
    page("courses:hours_new", "get", {200: MANAGERS | TRAINERS | LEARN}, 403),
    page("courses:hours_new", "post", {302: HOUSE | LEARN}, 403, sent=claim_sent),
    page("courses:hours_confirm", "post", {302: HOUSE, 404: LOOK - STAFF_OF}, 403,
         of.education_hours),
    page("courses:hours_refuse", "get", {200: HOUSE, 404: LOOK - STAFF_OF}, 403,
         of.education_hours),
    page("courses:hours_refuse", "post", {302: HOUSE, 404: LOOK - STAFF_OF}, 403,
         of.education_hours, sent=lambda t: {"reason": "证书看不清"}),
    page("courses:hours_evidence", "get", {200: STAFF_OF, 404: LOOK - STAFF_OF}, 403,
         of.education_hours),
]
THREE_ONES = [
    page("courses:contests", "get", {200: LOOK}, 403,
         shows=lambda t: str(t.contest.public_id), to=SEE),
    page("courses:contest_new", "get", {200: OFFICES}, 403),
    page("courses:contest_new", "post", {302: OFFICES}, 403, sent=contest_sent),
    page("courses:contest", "get", {200: SEE, 404: FOREIGN}, 403, of.contest),
    page("courses:contest_edit", "get", {200: {"office"}, 404: FOREIGN}, 403, of.contest),
    page("courses:contest_edit", "post", {302: {"office"}, 404: FOREIGN}, 403, of.contest,
         sent=lambda t: contest_sent(t) | {"version": t.contest.version}),
    # It has a result: it was held.
    page("courses:contest_call_off", "post", {409: {"office"}, 404: FOREIGN}, 403, of.contest,
         sent=lambda t: {"reason": "重复录入", "version": t.contest.version}),
    page("courses:contest_result", "post", {302: {"office"}, 404: FOREIGN}, 403, of.contest,
         sent=lambda t: {"practitioner": str(t.world.county_doctor.practitioner.public_id),
                         "rank": "2"}),
    page("courses:contest_result_remove", "post", {302: {"office"}, 404: FOREIGN}, 403,
         of.contest, pk.contest_result),
    page("courses:three_ones", "get", {200: LOOK}, 403,
         shows=lambda t: t.key_doctor.practitioner.name, to=SEE),
    page("courses:three_ones_of", "get", {200: SEE, 404: FOREIGN}, 403, of.township),
    page("courses:key_doctor_new", "post", {422: POSTS, 404: FOREIGN}, 403, of.township,
         sent=lambda t: person_sent(t) | {"valid_from": day(0)}, note="twice"),
    page("courses:centre_new", "post", {422: POSTS, 404: FOREIGN}, 403, of.township,
         sent=lambda t: {"name": "新中心", "valid_from": day(0)}, note="twice"),
    page("courses:key_doctor_end", "post", {302: POSTS, 404: FOREIGN}, 403, of.key_doctor,
         sent=lambda t: {"last": day(0)}),
    page("courses:centre_end", "post", {302: POSTS, 404: FOREIGN}, 403, of.simulation_centre,
         sent=lambda t: {"last": day(0)}),
]
ALL = PEOPLE | SYSTEMS
API = [
    api("api:course-list", "get", {200: ALL}, 403,
        shows=lambda t: str(t.course.public_id), to=SEE | MEMBER_SYSTEMS),
    api("api:course-detail", "get", {200: SEE | MEMBER_SYSTEMS}, 404, of.course),
    api("api:session-list", "get", {200: ALL}, 403,
        shows=lambda t: str(t.session.public_id), to=SEE | MEMBER_SYSTEMS),
    api("api:session-detail", "get", {200: SEE | MEMBER_SYSTEMS}, 404, of.session),
    api("api:education-hours-list", "get", {200: ALL}, 403,
        shows=lambda t: str(t.education_hours.public_id), to=STAFF_OF | SYSTEM),
    api("api:education-hours-detail", "get", {200: STAFF_OF | SYSTEM}, 404, of.education_hours),
]
# fmt: on
ROWS = COURSES + SESSIONS + HOURS + THREE_ONES + API
