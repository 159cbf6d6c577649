"""Who gets which answer from the pages and endpoints of mentoring.

The doctor of the township goes to the county to learn; the plan waits to begin. The county's chief
physician has offered to teach him; he has not answered. One session of guidance was held.
"""

from datetime import timedelta

from django.utils import timezone

from tests.access.cast import (
    ALLIANCE,
    CLINICAL,
    MANAGERS,
    OFFICES,
    OVERSEERS,
    PEOPLE,
    SYSTEM,
    SYSTEMS,
    THEIR_SYSTEM,
    TRAINERS,
)
from tests.access.tables import api, day, of, page
from tests.factories import alliance as make
from tests.factories import mentoring as build

DOCTOR, MANAGER, HOST = frozenset({"doctor"}), frozenset({"manager"}), frozenset({"their_manager"})
OFFICE = frozenset({"office"})
LOOKERS = CLINICAL | OVERSEERS | TRAINERS
SEE = DOCTOR | MANAGER | TRAINERS | HOST | ALLIANCE
SYSTEMS_TO_SEE = SYSTEM | THEIR_SYSTEM
# The sender and the office begin and end a posting as well as the house that receives.
RUNS_IT = MANAGER | HOST | OFFICE
SENDER = MANAGER | OFFICE
MENTOR = frozenset({"their_doctor"})
PAIR = SEE | MENTOR
# Who has a say about a mentorship: the two people, their managers, the office.
SAYS = DOCTOR | MENTOR | MANAGER | HOST | OFFICE
PROPOSERS = DOCTOR | MENTOR | MANAGERS | OFFICES
# A session is entered by its mentor, or by the house that was guided.
GUIDES = PROPOSERS | TRAINERS
STRIKERS = MENTOR | MANAGER | TRAINERS
# Other alliances' people know nobody here.
ELSEWHERE = frozenset({"outside_manager", "other_office"})


def lay(world):
    """A rotation from the township to the county, planned to have begun; a mentorship proposed."""
    return {
        "posting": build.planned_posting(world, start=-5),
        "mentorship": build.proposed_mentorship(world),
        "guidance": build.guidance_session(world),
    }


def grow(world, serial):
    """One more person of the township who is at the county."""
    person = make.PractitionerFactory(institution=world.township)
    build.running_posting(world, practitioner=person, start=-3)
    mentor = make.PractitionerFactory(institution=world.township, title_code="231")
    build.proposed_mentorship(world, mentor=mentor, mentee=person, by=world.township_manager)
    build.guidance_session(world, mentor=mentor, participants=[person], by=world.trainer)


def posting(t):
    return str(t.posting.public_id)


def seen(prefix, **more):
    def sent(t):
        data = {"version": t.posting.version, **more}
        return {f"{prefix}-{name}" if prefix else name: value for name, value in data.items()}

    return sent


def plan(t):
    return {
        "kind": "rotation",
        "practitioner": str(t.posting.practitioner.public_id),
        "to_institution": str(t.county.public_id),
        "valid_from": day(300),
        "valid_until": day(400),
        "plan": "普外科轮训",
    }


def mentorship(t):
    return str(t.mentorship.public_id)


def session(t):
    return str(t.guidance.public_id)


def answer(prefix, **more):
    def sent(t):
        data = {"version": t.mentorship.version, **more}
        return {f"{prefix}-{name}" if prefix else name: value for name, value in data.items()}

    return sent


def proposal(t):
    return {
        "mentor": str(t.mentorship.mentor.public_id),
        "mentee": str(t.mentorship.mentee.public_id),
        "valid_from": day(300),
        "valid_until": day(400),
        "goals": "独立完成缝合",
    }


def guidance(t):
    began = timezone.now() - timedelta(hours=9)
    return {
        "mentor": str(t.mentorship.mentor.public_id),
        "institution": str(t.township.public_id),
        "mode": "remote",
        "starts_at": began.isoformat(),
        "minutes_taken": 30,
        "minutes": "远程指导缝合",
        "participants": [str(t.mentorship.mentee.public_id)],
    }


def month(t):
    return {"version": t.posting.version, "month": str(timezone.localdate() - timedelta(days=1))}


# fmt: off
POSTINGS = [
    page("mentoring:postings", "get", {200: LOOKERS}, 403, shows=posting, to=SEE),
    page("mentoring:posting_new", "get", {200: MANAGERS | OFFICES}, 403),
    page("mentoring:posting_new", "post",
         {302: SENDER, 422: (MANAGERS | OFFICES) - SENDER}, 403, sent=plan),
    page("mentoring:posting", "get", {200: SEE}, 404, of.posting),
    page("mentoring:posting_start", "post", {302: RUNS_IT, 403: SEE - RUNS_IT}, 404, of.posting,
         sent=seen("start", day=day(-1))),
    page("mentoring:posting_finish", "post", {409: RUNS_IT, 403: SEE - RUNS_IT}, 404, of.posting,
         sent=seen("finish", day=day(-1))),
    page("mentoring:posting_cancel", "post", {302: SENDER, 403: SEE - SENDER}, 404, of.posting,
         sent=seen("cancel", reason="科室缺人")),
    page("mentoring:posting_present", "post", {302: DOCTOR, 403: SEE - DOCTOR}, 404, of.posting),
    page("mentoring:posting_days", "post", {409: HOST, 403: SEE - HOST}, 404, of.posting,
         sent=month),
    page("mentoring:posting_evaluate", "post", {409: HOST, 403: SEE - HOST}, 404,
         of.posting, "host", sent=lambda t: {"host-rating": 5}, note="host"),
    page("mentoring:posting_evaluate", "post", {409: DOCTOR, 403: SEE - DOCTOR}, 404,
         of.posting, "person", sent=lambda t: {"person-rating": 5}, note="person"),
    page("mentoring:posting_assess", "post", {409: SENDER, 403: SEE - SENDER}, 404, of.posting,
         sent=seen("assess", assessment="good", text="出勤良好")),
    page("mentoring:year", "get", {200: LOOKERS}, 403, shows=posting, to=SEE),
    page("mentoring:rotations_of", "get", {302: LOOKERS}, 403, of.practitioner),
]
MENTORSHIPS = [
    page("mentoring:mentorships", "get", {200: LOOKERS}, 403, shows=mentorship, to=PAIR),
    page("mentoring:chain", "get", {200: LOOKERS}, 403),
    page("mentoring:mentorship_new", "get", {200: PROPOSERS}, 403),
    # The same is proposed already: who has a say reads so, who has none is refused.
    page("mentoring:mentorship_new", "post", {422: SAYS | ELSEWHERE}, 403,
         sent=proposal),
    page("mentoring:mentorship", "get", {200: PAIR}, 404, of.mentorship),
    page("mentoring:mentorship_agree", "post", {302: DOCTOR, 409: MENTOR,
         403: PAIR - DOCTOR - MENTOR}, 404, of.mentorship, sent=answer("")),
    page("mentoring:mentorship_decline", "post", {302: SAYS, 403: PAIR - SAYS}, 404,
         of.mentorship, sent=answer("decline", reason="排班已满")),
    page("mentoring:mentorship_end", "post", {409: SAYS, 403: PAIR - SAYS}, 404,
         of.mentorship, sent=answer("end", reason="调离")),
    page("mentoring:mentor_of", "get", {302: LOOKERS}, 403, of.practitioner),
]
GUIDANCE = [
    page("mentoring:sessions", "get", {200: LOOKERS}, 403, shows=session, to=PAIR),
    page("mentoring:session_new", "get", {200: GUIDES}, 403),
    page("mentoring:session_new", "post", {422: GUIDES}, 403, sent=lambda t: {"mode": "onsite"}),
    page("mentoring:session", "get", {200: PAIR}, 404, of.guidance),
    page("mentoring:session_strike", "post", {302: STRIKERS, 403: PAIR - STRIKERS}, 404,
         of.guidance, sent=lambda t: {"strike-version": 1, "strike-reason": "重复"}),
]
API = [
    api("api:mentorship-list", "get", {200: PEOPLE | SYSTEMS}, 403, shows=mentorship,
        to=PAIR | SYSTEMS_TO_SEE),
    # The same is proposed already: who has a say reads so, who has none is refused.
    api("api:mentorship-list", "post", {400: SAYS}, 403, sent=proposal, as_json=True),
    api("api:mentorship-detail", "get", {200: PAIR | SYSTEMS_TO_SEE}, 404, of.mentorship),
    api("api:mentorship-moves", "post", {200: DOCTOR, 409: MENTOR,
        403: (PAIR | SYSTEMS_TO_SEE) - DOCTOR - MENTOR}, 404, of.mentorship,
        sent=lambda t: {"move": "agree"}, headers=lambda t: {"If-Match": '"1"'}, as_json=True),
    api("api:guidance-session-list", "get", {200: PEOPLE | SYSTEMS}, 403, shows=session,
        to=PAIR | SYSTEMS_TO_SEE),
    api("api:guidance-session-list", "post", {201: STRIKERS | SYSTEM}, 403, sent=guidance,
        as_json=True),
    api("api:guidance-session-detail", "get", {200: PAIR | SYSTEMS_TO_SEE}, 404, of.guidance),
    api("api:guidance-session-strike", "post", {200: STRIKERS | SYSTEM,
        403: (PAIR | SYSTEMS_TO_SEE) - STRIKERS - SYSTEM}, 404, of.guidance,
        sent=lambda t: {"reason": "重复"}, headers=lambda t: {"If-Match": '"1"'}, as_json=True),
    api("api:posting-list", "get", {200: PEOPLE | SYSTEMS}, 403, shows=posting,
        to=SEE | SYSTEMS_TO_SEE),
    api("api:posting-detail", "get", {200: SEE | SYSTEMS_TO_SEE}, 404, of.posting),
]
ROWS = POSTINGS + MENTORSHIPS + GUIDANCE + API
NOUNS = {
    "postings": "posting",
    "mentorships": "mentorship",
    "guidance-sessions": "guidance",
}
PAGES = {
    "mentoring:postings": "manager",
    "mentoring:year": "manager",
    "mentoring:mentorships": "manager",
    "mentoring:chain": "township_manager",
    "mentoring:sessions": "manager",
}
