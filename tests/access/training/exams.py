"""Who gets which answer from the pages and endpoints of exams.

The doctor of the township sits an exam, has ended another, and failed a skills exam.
"""

from tests.access.cast import (
    ALLIANCE,
    BESIDE,
    CLINICAL,
    HERE,
    MANAGERS,
    OFFICES,
    OTHER_SYSTEMS,
    OVERSEERS,
    PEOPLE,
    SYSTEM,
    SYSTEMS,
    THEIR_SYSTEM,
    THERE,
    TRAINERS,
)
from tests.access.tables import api, day, of, page
from tests.factories import alliance as make
from tests.factories import exams as build
from tests.factories.files import png

DOCTOR, OFFICE, QC = frozenset({"doctor"}), frozenset({"office"}), frozenset({"qc"})
LOOKERS = CLINICAL | OVERSEERS | TRAINERS
MEMBERS = HERE | THERE | BESIDE | TRAINERS | ALLIANCE
# They see the exam but take none: no practitioner stands behind the account.
NAMELESS = (HERE | THERE | BESIDE | TRAINERS) - {"doctor", "their_doctor"}
NOBODYS = PEOPLE - LOOKERS
ASSESSORS = TRAINERS | MANAGERS | OFFICES
SEE = DOCTOR | frozenset({"manager"}) | TRAINERS | ALLIANCE
ENTER = frozenset({"manager"}) | TRAINERS | OFFICE
ENTERERS = (MANAGERS - {"outside_manager"}) | TRAINERS | OFFICE
OUR_SYSTEMS = SYSTEM | THEIR_SYSTEM | (OTHER_SYSTEMS - {"outside_system"})

NAME_IT = MEMBERS | OUR_SYSTEMS


def lay(world):
    """One of each, all about the doctor of the township."""
    exam = build.online_exam(world)
    other = build.online_exam(world, name="结业理论", kind="assessment")
    failed = build.result(world, score=50, evidence=png(name="评分表.png"))
    station = build.stations(world)["fls_loop"]
    return {
        "exam": exam,
        "question": exam.bank.questions.first(),
        "sat": build.open_attempt(world, exam),
        "ended": build.ended_attempt(world, other),
        "exam_result": failed,
        "retraining": failed.retraining,
        "station": station,
        "station_result": build.reached(world, station, 50, evidence=png(1)),
    }


def grow(world, serial):
    """One more exam, bank and result of each kind."""
    build.bank(world, name=f"题库{serial}")
    build.online_exam(world, name=f"考试{serial}")
    person = make.PractitionerFactory(institution=world.township)
    build.result(world, score=50, practitioner=person)
    build.reached(world, build.stations(world)["fls_loop"], 50, practitioner=person)


def version_of(name, **more):
    return lambda t: {"version": getattr(t, name).version, **more}


def result(t):
    return str(t.exam_result.public_id)


def station_result(t):
    return str(t.station_result.public_id)


def retraining(t):
    return str(t.retraining.public_id)


def bank(t):
    return t.exam.bank.public_id


def assessed(t, **more):
    named = {name: str(v.public_id) for name, v in more.items() if hasattr(v, "public_id")}
    person = str(t.world.practitioner.public_id)
    return {"practitioner": person, "held_on": day(0), **more, **named}


WHY = {"reason": "录错了"}
# fmt: off
EXAMS = [
    page("exams:list", "get", {200: LOOKERS}, 403,
         shows=lambda t: str(t.exam.public_id), to=MEMBERS),
    page("exams:exam_new", "get", {200: OFFICES}, 403),
    page("exams:exam_new", "post", {422: OFFICES}, 403),
    page("exams:exam", "get", {200: MEMBERS, 403: NOBODYS}, 404, of.exam),
    page("exams:exam_edit", "get", {200: OFFICE, 403: MEMBERS - OFFICE}, 404, of.exam),
    page("exams:exam_edit", "post", {422: OFFICE, 403: MEMBERS - OFFICE}, 404, of.exam),
    page("exams:start", "post",
         {302: DOCTOR | {"their_doctor"}, 409: NAMELESS, 403: ALLIANCE}, 404, of.exam),
    page("exams:sit", "get", {200: DOCTOR}, 404, of.sat),
    page("exams:autosave", "post", {200: DOCTOR}, 404, of.sat, sent=version_of("sat", q0="1")),
    page("exams:hand_in", "post", {302: DOCTOR}, 404, of.sat, sent=version_of("sat", act="sure")),
    page("exams:close", "post", {409: DOCTOR}, 404, of.sat),
    page("exams:attempt", "get", {200: DOCTOR}, 404, of.ended),
]
BANKS = [
    page("exams:banks", "get", {200: OFFICES}, 403, shows=lambda t: str(bank(t)), to=OFFICE),
    page("exams:bank_new", "get", {200: OFFICES}, 403),
    page("exams:bank_new", "post", {422: OFFICES}, 403),
    page("exams:bank_starter", "post", {302: OFFICES}, 403),
    page("exams:bank", "get", {200: OFFICE}, 404, bank),
    page("exams:bank_edit", "get", {200: OFFICE}, 404, bank),
    page("exams:bank_edit", "post", {422: OFFICE}, 404, bank),
    page("exams:question_new", "get", {200: OFFICE}, 404, bank),
    page("exams:question_new", "post", {422: OFFICE}, 404, bank),
    page("exams:question", "get", {200: OFFICE}, 404, of.question),
    page("exams:question", "post", {422: OFFICE}, 404, of.question),
]
STATIONS = [
    page("exams:stations", "get", {200: LOOKERS}, 403, shows=lambda t: t.station.name, to=MEMBERS),
    page("exams:station_new", "get", {200: OFFICES}, 403),
    page("exams:station_new", "post", {422: OFFICES}, 403),
    page("exams:station_seed", "post", {302: OFFICES}, 403),
    page("exams:station_edit", "get", {200: OFFICE, 403: MEMBERS - OFFICE}, 404, of.station),
    page("exams:station_edit", "post", {422: OFFICE, 403: MEMBERS - OFFICE}, 404, of.station),
    page("exams:station_record", "get", {200: ASSESSORS}, 403),
    page("exams:station_record", "post", {422: ASSESSORS}, 403),
    page("exams:station_results", "get", {200: LOOKERS}, 403, shows=station_result, to=SEE),
    page("exams:station_result", "get", {200: SEE}, 404, of.station_result),
    page("exams:station_void", "post", {302: ENTER, 403: SEE - ENTER}, 404, of.station_result,
         sent=lambda t: WHY),
    page("exams:station_evidence", "get", {200: SEE}, 404, of.station_result),
]
RESULTS = [
    page("exams:results", "get", {200: LOOKERS}, 403, shows=result, to=SEE),
    page("exams:record", "get", {200: ASSESSORS}, 403),
    page("exams:record", "post", {422: ASSESSORS}, 403),
    page("exams:result", "get", {200: SEE}, 404, of.exam_result),
    page("exams:result_void", "post", {302: ENTER, 403: SEE - ENTER}, 404, of.exam_result,
         sent=lambda t: WHY),
    page("exams:result_evidence", "get", {200: SEE}, 404, of.exam_result),
    page("exams:retrainings", "get", {200: LOOKERS}, 403, shows=retraining, to=SEE),
    page("exams:retraining", "get", {200: SEE}, 404, of.retraining),
    page("exams:retraining_done", "post", {302: ENTER, 403: SEE - ENTER}, 404, of.retraining,
         sent=lambda t: {"version": t.retraining.version, "done_on": day(0), "note": "打结"}),
    page("exams:trainees", "get", {200: ASSESSORS}, 403,
         shows=lambda t: str(t.world.practitioner.public_id),
         to=ASSESSORS - {"outside_manager", "other_office"}),
    page("exams:learner", "get", {200: SEE}, 404, of.practitioner),
    page("exams:further", "post", {302: ENTER, 404: ASSESSORS - ENTER}, 403, of.practitioner,
         sent=lambda t: {"exam": t.exam.pk, **WHY}),
]
API = [
    api("api:exam-list", "get", {200: PEOPLE | SYSTEMS}, 403,
        shows=lambda t: str(t.exam.public_id), to=MEMBERS | OUR_SYSTEMS),
    api("api:exam-detail", "get", {200: MEMBERS | OUR_SYSTEMS}, 404, of.exam),
    api("api:exam-result-list", "get", {200: PEOPLE | SYSTEMS}, 403, shows=result,
        to=SEE | SYSTEM),
    # Only people assess; an exam that is not there for somebody cannot be named.
    api("api:exam-result-list", "post", {201: ENTERERS, 403: NAME_IT - ENTERERS}, 400,
        sent=lambda t: assessed(t, exam=t.exam_result.exam, score=81), as_json=True),
    api("api:exam-result-detail", "get", {200: SEE | SYSTEM}, 404, of.exam_result),
    api("api:station-list", "get", {200: PEOPLE | SYSTEMS}, 403,
        shows=lambda t: str(t.station.public_id), to=NAME_IT),
    api("api:station-detail", "get", {200: NAME_IT}, 404, of.station),
    api("api:station-result-list", "get", {200: PEOPLE | SYSTEMS}, 403, shows=station_result,
        to=SEE | SYSTEM),
    api("api:station-result-list", "post", {201: ENTERERS, 403: NAME_IT - ENTERERS}, 400,
        sent=lambda t: assessed(t, station=t.station, value="49.5"), as_json=True),
    api("api:station-result-detail", "get", {200: SEE | SYSTEM}, 404, of.station_result),
]
ROWS = EXAMS + BANKS + STATIONS + RESULTS + API
NOUNS = {
    "exams": "exam",
    "exam-results": "exam_result",
    "stations": "station",
    "station-results": "station_result",
}
PAGES = {
    "exams:list": "doctor",
    "exams:banks": "office",
    "exams:stations": "doctor",
    "exams:results": "trainer",
    "exams:station_results": "trainer",
    "exams:retrainings": "trainer",
}
