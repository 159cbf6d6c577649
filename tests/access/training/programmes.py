"""Who gets which answer from the pages and endpoints of programmes.

The doctor of the township learns debridement under the county's surgeon.
"""

from tests.access.cast import (
    ALLIANCE,
    BESIDE,
    CLINICAL,
    HERE,
    MANAGERS,
    OFFICES,
    OVERSEERS,
    PEOPLE,
    SYSTEM,
    SYSTEMS,
    THERE,
    TRAINERS,
)
from tests.access.tables import api, day, of, page
from tests.factories import alliance as make
from tests.factories import programmes as build
from tests.factories.files import png

DOCTOR, MANAGER, OFFICE = frozenset({"doctor"}), frozenset({"manager"}), frozenset({"office"})
MENTOR, QC = frozenset({"their_doctor"}), frozenset({"qc"})
LEARNERS = CLINICAL | TRAINERS
LOOKERS = LEARNERS | OVERSEERS
MEMBERS = HERE | THERE | BESIDE | TRAINERS | ALLIANCE
OVERSEE = MANAGERS | TRAINERS | OVERSEERS
OWN = DOCTOR | MANAGER | TRAINERS | ALLIANCE
SEE = OWN | MENTOR
ARRANGE = MANAGER | TRAINERS | OFFICE


def lay(world):
    """An enrolment, a programme to join, a draft, and a record of the past."""
    row = build.enrolment(world, mentor=world.county_doctor.practitioner)
    joined = build.published(world, name="全科首诊课程", kind="gatekeeper", technique=None)
    draft = build.draft_of(build.programme(world, name="未发布", technique=world.gastrectomy))
    build.stage(world, draft, *build.THEORY)
    draft.refresh_from_db()
    return {
        "enrolment": row,
        "programme": joined,
        "programme_version": joined.versions.get(),
        "programme_draft": draft,
        "programme_need": build.need(row, "sign_off"),
        "prior_record": build.prior(world),
    }


def grow(world, serial):
    """One more learner, and one more record of the past."""
    person = make.PractitionerFactory(institution=world.township)
    made = build.published(world, name=f"项目{serial}", kind="entry", technique=None)
    build.enrolment(world, made, practitioner=person, mentor=world.county_doctor.practitioner)
    build.prior(world, practitioner=person, title=f"证明{serial}")


def seen(of_, **more):
    return lambda t: {"version": getattr(t, of_).version, **more}


def enrolment(t):
    return str(t.enrolment.public_id)


def programme(t):
    return str(t.programme.public_id)


def need(t):
    return t.programme_need.pk


def stage(t):
    return t.programme_draft.stages.get().pk


def draft_need(t):
    return t.programme_draft.stages.get().requirements.get().pk


def published_need(t):
    return t.programme_version.stages.first().requirements.first().pk


def joining(t):
    return {
        "practitioner": str(t.world.practitioner.public_id),
        "programme": t.programme.pk,
        "started_on": day(0),
    }


def asking(t):
    return seen("programme_draft", stage=stage(t), kind="sign_off", label="签字", minimum=1)(t)


# fmt: off
PATHS = [
    page("programmes:mine", "get", {200: LEARNERS}, 403),
    page("programmes:home", "get", {200: LOOKERS}, 403, shows=enrolment,
         to=DOCTOR | TRAINERS | MENTOR),
    page("programmes:board", "get", {200: LOOKERS}, 403, shows=enrolment,
         to=MANAGER | TRAINERS | ALLIANCE | MENTOR),
    page("programmes:enrol", "get", {200: LEARNERS | OFFICES}, 403),
    page("programmes:enrol", "post",
         {302: DOCTOR | ARRANGE,
          403: frozenset({"keeper", "qc", "system_admin", "security_admin", "auditor",
                          "their_manager", "other_manager"})},
         422, sent=joining),
    page("programmes:enrolment", "get", {200: SEE}, 404, of.enrolment),
    page("programmes:enrolment_mentor", "post", {302: ARRANGE, 403: DOCTOR | QC | MENTOR}, 404,
         of.enrolment, sent=seen("enrolment")),
    page("programmes:enrolment_sign", "post", {409: ARRANGE | MENTOR, 403: DOCTOR | QC}, 404,
         of.enrolment, need, sent=lambda t: {"on": day(0)}),
    page("programmes:enrolment_advance", "post", {302: ARRANGE | MENTOR | DOCTOR, 403: QC}, 404,
         of.enrolment),
    page("programmes:enrolment_leave", "post", {302: ARRANGE | DOCTOR, 403: MENTOR | QC}, 404,
         of.enrolment, sent=seen("enrolment", reason="调离")),
    page("programmes:enrolment_resume", "post", {409: SEE}, 404, of.enrolment,
         sent=seen("enrolment")),
]
BOARDS = [
    page("programmes:matrix", "get", {200: OVERSEE}, 403),
    page("programmes:matrix_export", "get", {200: OVERSEE - QC}, 403),
    page("programmes:houses", "get", {200: OVERSEERS}, 403),
    page("programmes:promotion", "get", {200: OVERSEE}, 403),
]
PRIOR = [
    page("programmes:priors", "get", {200: LOOKERS}, 403, shows=lambda t: str(t.prior_record.public_id),
         to=OWN),
    page("programmes:prior_new", "get", {200: LEARNERS}, 403),
    page("programmes:prior_new", "post", {422: LEARNERS}, 403),
    page("programmes:prior", "get", {200: OWN}, 404, of.prior_record),
    page("programmes:prior_evidence", "get", {200: OWN}, 404, of.prior_record),
    page("programmes:prior_attach", "post", {302: DOCTOR | MANAGER | TRAINERS, 403: ALLIANCE}, 404,
         of.prior_record, sent=lambda t: {**seen("prior_record")(t), "evidence": png(7)}),
    page("programmes:prior_decide", "post", {302: MANAGER | OFFICE, 403: DOCTOR | TRAINERS | QC},
         404, of.prior_record, sent=seen("prior_record", accepted="yes")),
]
PROGRAMMES = [
    page("programmes:programmes", "get", {200: LOOKERS}, 403, shows=programme, to=MEMBERS),
    page("programmes:programme_new", "get", {200: OFFICES}, 403),
    page("programmes:programme_new", "post", {302: OFFICES}, 403,
         sent=lambda t: {"name": "新项目", "kind": "entry"}),
    page("programmes:standard", "post", {302: OFFICE, 409: OFFICES - OFFICE}, 403),
    page("programmes:programme", "get", {200: MEMBERS}, 404, of.programme),
    page("programmes:programme_edit", "get", {200: OFFICE, 403: MEMBERS - OFFICE}, 404,
         of.programme),
    page("programmes:programme_edit", "post", {302: OFFICE, 403: MEMBERS - OFFICE}, 404,
         of.programme, sent=seen("programme", name="改名")),
    page("programmes:programme_offer", "post", {302: OFFICE, 403: MEMBERS - OFFICE}, 404,
         of.programme, sent=seen("programme", offered="false")),
    page("programmes:programme_draft", "post", {302: OFFICE, 403: MEMBERS - OFFICE}, 404,
         of.programme),
    page("programmes:version", "get", {200: MEMBERS}, 404, of.programme_version),
    page("programmes:version", "get", {200: OFFICE}, 404, of.programme_draft, note="of a draft"),
    page("programmes:version_compare", "get", {200: MEMBERS}, 404, of.programme_version),
    page("programmes:version_publish", "post", {302: OFFICE}, 404, of.programme_draft,
         sent=seen("programme_draft", effective_from=day(0))),
    page("programmes:stage_add", "post", {302: OFFICE}, 404, of.programme_draft,
         sent=seen("programme_draft", kind="clinical", name="临床")),
    page("programmes:stage_edit", "get", {200: OFFICE}, 404, of.programme_draft, stage),
    page("programmes:stage_edit", "post", {302: OFFICE}, 404, of.programme_draft, stage,
         sent=seen("programme_draft", kind="simulation", name="模拟")),
    page("programmes:stage_move", "post", {302: OFFICE}, 404, of.programme_draft, stage, "up",
         sent=seen("programme_draft")),
    page("programmes:stage_remove", "post", {302: OFFICE}, 404, of.programme_draft, stage,
         sent=seen("programme_draft")),
    page("programmes:requirement_add", "post", {302: OFFICE}, 404, of.programme_draft, sent=asking),
    page("programmes:requirement_edit", "get", {200: OFFICE}, 404, of.programme_draft, draft_need),
    page("programmes:requirement_edit", "get", {302: OFFICE, 403: MEMBERS - OFFICE}, 404,
         of.programme_version, published_need, note="of what counts already"),
    page("programmes:requirement_edit", "post", {302: OFFICE}, 404, of.programme_draft, draft_need,
         sent=asking),
    page("programmes:requirement_move", "post", {302: OFFICE}, 404, of.programme_draft, draft_need,
         "down", sent=seen("programme_draft")),
    page("programmes:requirement_remove", "post", {302: OFFICE}, 404, of.programme_draft, draft_need,
         sent=seen("programme_draft")),
]
API = [
    api("api:programme-list", "get", {200: PEOPLE | SYSTEMS}, 403, shows=programme,
        to=MEMBERS | (SYSTEMS - {"outside_system"})),
    api("api:programme-detail", "get", {200: MEMBERS | (SYSTEMS - {"outside_system"})}, 404,
        of.programme),
    api("api:enrolment-list", "get", {200: PEOPLE | SYSTEMS}, 403, shows=enrolment,
        to=SEE | SYSTEM),
    api("api:enrolment-detail", "get", {200: SEE | SYSTEM}, 404, of.enrolment),
]
# fmt: on
ROWS = PATHS + BOARDS + PRIOR + PROGRAMMES + API
NOUNS = {"programmes": "programme", "enrolments": "enrolment"}
PAGES = {
    "programmes:board": "township_manager",
    "programmes:home": "trainer",
    "programmes:priors": "township_manager",
    "programmes:programmes": "office",
    "programmes:matrix": "township_manager",
    "programmes:promotion": "township_manager",
    "api:programme-list": "office",
    "api:enrolment-list": "office",
}
