"""Who gets which answer from the pages and endpoints of granting."""

from tests.access.cast import (
    ALLIANCE,
    CLINICAL,
    MANAGERS,
    OTHER_ALLIANCE,
    OVERSEERS,
    PEOPLE,
    SYSTEM,
    SYSTEMS,
    TRAINERS,
)
from tests.access.tables import api, day, of, page, pk
from tests.factories import alliance as make
from tests.factories import granting

DOCTOR, QC = frozenset({"doctor"}), frozenset({"qc"})
MANAGER = frozenset({"manager"})
# The trainer of the cast is nobody of the directory; who is linked to no practitioner is told so.
LEARNERS = CLINICAL | TRAINERS
LINKED = DOCTOR | {"their_doctor"}
FOLLOW = MANAGERS | TRAINERS | OVERSEERS
SEE = DOCTOR | MANAGER | TRAINERS | ALLIANCE


def lay(world):
    """An application that waits, one before the committee, its members and a meeting."""
    found = granting.committee(world)
    waiting = granting.waiting(world)
    return {
        "application": waiting,
        "application_in_committee": granting.taken_up(world, found, technique=world.appendectomy),
        "committee": found,
        "seat": found.members.get(user=world.qc),
        "meeting": granting.meeting(world, found),
    }


def grow(world, serial):
    """One more application, with a seat and a meeting."""
    found = granting.in_office(world)
    granting.taken_up(
        world,
        found,
        technique=make.TechniqueFactory(),
        practitioner=world.practitioner,
    )
    granting.meeting(world, found, days=serial + 2)
    granting.seated(world, found)


def number(t):
    return str(t.application.public_id)


def seen(**more):
    return lambda t: {"version": t.application.version, **more}


def before_committee(**more):
    return lambda t: {"version": t.application_in_committee.version, **more}


def wish(t):
    return {"technique": t.world.debridement.code, "institution": str(t.township.public_id)}


def other_wish(t):
    """For a technique of which no application is under way: that one's page would come instead."""
    return wish(t) | {"technique": t.world.gastrectomy.code}


def member(t):
    return {"user": t.world.qc.pk, "position": "member", "valid_from": day(0)}


# fmt: off
OWN = [
    page("granting:mine", "get", {200: LEARNERS}, 403, shows=number, to=DOCTOR),
    page("granting:apply", "get", {200: DOCTOR, 422: frozenset({"their_doctor"})}, 403,
         query=other_wish),
    page("granting:apply", "post", {409: DOCTOR, 422: frozenset({"their_doctor"})}, 403,
         query=wish),
]
APPLICATIONS = [
    page("granting:applications", "get", {200: FOLLOW}, 403, shows=number, to=SEE - DOCTOR),
    page("granting:application", "get", {200: SEE}, 404, of.application),
    page("granting:take_up", "post", {302: ALLIANCE, 403: SEE - ALLIANCE}, 404, of.application,
         sent=seen()),
    page("granting:vote", "post", {302: QC, 403: SEE - QC}, 404, of.application_in_committee,
         sent=before_committee(ballot="for", reason="资料齐全")),
    page("granting:declare", "post", {302: QC, 403: SEE - QC}, 404, of.application_in_committee,
         sent=before_committee(note="远亲")),
    page("granting:decide", "post", {409: ALLIANCE, 403: SEE - ALLIANCE}, 404,
         of.application_in_committee,
         sent=before_committee(level="independent", reason="同意")),
    page("granting:withdraw", "post", {302: DOCTOR, 403: SEE - DOCTOR}, 404, of.application,
         sent=seen(reason="材料需补充")),
]
COMMITTEE = [
    page("granting:committee", "get", {200: OVERSEERS}, 403),
    page("granting:found", "post", {302: OTHER_ALLIANCE, 422: ALLIANCE}, 403,
         sent=lambda t: {"name": "质控委员会", "valid_from": day(0)}),
    page("granting:end_term", "post", {302: ALLIANCE}, 404, of.committee,
         sent=lambda t: {"version": t.committee.version, "until": day(30)}),
    page("granting:appoint", "post", {422: ALLIANCE}, 404, of.committee, sent=member),
    page("granting:plan", "post", {302: ALLIANCE}, 404, of.committee,
         sent=lambda t: {"held_on": day(9), "starts_at": "09:00", "place": "三楼会议室"}),
    page("granting:end_seat", "post", {302: ALLIANCE}, 404, pk.seat,
         sent=lambda t: {"until": day(1)}),
    page("granting:meeting", "get", {200: ALLIANCE}, 404, of.meeting),
    page("granting:meeting", "post", {302: ALLIANCE}, 404, of.meeting,
         sent=lambda t: {"version": t.meeting.version, "minutes": "逐例审议。"}),
]
API = [
    api("api:privilege-application-list", "get", {200: PEOPLE | SYSTEMS}, 403, shows=number,
        to=SEE | SYSTEM),
    api("api:privilege-application-list", "post",
        {409: DOCTOR, 404: frozenset({"their_doctor"})}, 403, sent=wish, as_json=True),
    api("api:privilege-application-detail", "get", {200: SEE | SYSTEM}, 404, of.application),
]
ROWS = OWN + APPLICATIONS + COMMITTEE + API
NOUNS = {"privilege-applications": "application"}
PAGES = {
    "granting:mine": "doctor",
    "granting:applications": "office",
    "granting:committee": "office",
}
