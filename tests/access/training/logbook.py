"""Who gets which answer from the pages and endpoints of the logbook.

The doctor of the township operated there under the county's surgeon; the case waits for that
surgeon. Another one of theirs gave a signal.
"""

from datetime import timedelta

from django.utils import timezone

from alliance.people import actions as people
from tests.access.cast import (
    ALLIANCE,
    CLINICAL,
    MANAGERS,
    OVERSEERS,
    PEOPLE,
    SYSTEM,
    SYSTEMS,
    TRAINERS,
)
from tests.access.tables import api, day, of, page, pk
from tests.factories import logbook as make
from training.logbook.models import CurveReview

DOCTOR, MANAGER, SURGEON = (
    frozenset({"doctor"}),
    frozenset({"manager"}),
    frozenset({"their_doctor"}),
)
HOUSE = MANAGER | TRAINERS
SEE = DOCTOR | SURGEON | HOUSE | ALLIANCE
WRITERS = CLINICAL | TRAINERS
READERS = WRITERS | OVERSEERS
STAFF = DOCTOR | HOUSE | ALLIANCE
DECIDERS = MANAGER | ALLIANCE


def lay(world):
    """A waiting case, a signal nobody has decided about, an absence to come."""
    today = timezone.localdate()
    make.teach(world, world.debridement, institution=world.tertiary, valid_from=today)
    case = make.record(
        world,
        technique=world.debridement,
        institution=world.township,
        performed_on=today,
        external_case_number="ZY77",
    )
    review = CurveReview.objects.create(
        alliance=world.alliance,
        practitioner=world.practitioner,
        technique=world.debridement,
        cause="loss",
        case=case,
        case_number=1,
    )
    absence = people.add_absence(
        practitioner=world.practitioner,
        kind="leave",
        valid_from=today + timedelta(days=20),
        valid_until=today + timedelta(days=30),
        by=world.township_manager,
    )
    return {"case": case, "curve_review": review, "absence": absence}


def grow(world, serial):
    """One more case of the township's doctor, and one more curve."""
    today = timezone.localdate()
    for status in ("recorded", "confirmed"):
        make.case(
            world,
            technique=world.gastrectomy if status == "confirmed" else world.debridement,
            performed_on=today,
            status=status,
            confirmed_at=timezone.now() if status == "confirmed" else None,
            confirmed_by=world.county_doctor if status == "confirmed" else None,
        )


def case(t):
    return str(t.case.public_id)


def seen(**more):
    return lambda t: {"version": 1, **more}


def entry(t):
    return {
        "technique": t.world.debridement.code,
        "operator": str(t.world.practitioner.public_id),
        "performed_on": day(-1),
        "role": "independent",
        "external_case_number": "ZY78",
    }


def leave(t):
    return {"kind": "leave", "valid_from": day(40), "valid_until": day(50)}


# fmt: off
PAGES_OF_CASES = [
    page("logbook:mine", "get", {200: READERS}, 403, shows=case, to=DOCTOR),
    page("logbook:new", "get", {200: WRITERS}, 403),
    page("logbook:new", "post", {422: WRITERS}, 403),
    page("logbook:draft", "post", {200: WRITERS}, 403, sent=lambda t: {"notes": "a"}),
    page("logbook:draft_drop", "post", {302: WRITERS}, 403),
    page("logbook:waiting", "get", {200: WRITERS}, 403, shows=case, to=SURGEON),
    page("logbook:list", "get", {200: MANAGERS | TRAINERS | OVERSEERS}, 403, shows=case,
         to=HOUSE | ALLIANCE),
    page("logbook:lookup", "get", {200: WRITERS}, 403, "people"),
    page("logbook:case", "get", {200: SEE}, 404, of.case),
    page("logbook:case_change", "get", {200: DOCTOR | HOUSE, 403: SURGEON | ALLIANCE}, 404, of.case),
    page("logbook:case_change", "post", {422: DOCTOR | HOUSE, 403: SURGEON | ALLIANCE}, 404,
         of.case),
    page("logbook:case_confirm", "post", {302: SURGEON, 403: SEE - SURGEON}, 404, of.case,
         sent=seen()),
    page("logbook:case_reject", "post", {302: SURGEON, 403: SEE - SURGEON}, 404, of.case,
         sent=seen(reason="日期不对")),
    page("logbook:case_void", "post", {302: DOCTOR | HOUSE, 403: SURGEON | ALLIANCE}, 404,
         of.case, sent=seen(reason="重复")),
]
PAGES_OF_CURVES = [
    page("logbook:curves", "get", {200: READERS}, 403),
    page("logbook:curve", "get", {200: SEE}, 403,
         lambda t: t.world.practitioner.public_id, lambda t: t.world.debridement.code),
    page("logbook:reviews", "get", {200: READERS}, 403,
         shows=lambda t: str(t.curve_review.public_id), to=STAFF),
    page("logbook:review", "get", {200: STAFF}, 404, of.curve_review),
    page("logbook:review", "post", {302: DECIDERS, 403: STAFF - DECIDERS}, 404, of.curve_review,
         sent=seen(decision="well", note="病例均查看")),
]
ABSENCES = [
    page("people:practitioner_absences", "get", {200: MANAGER}, 403,
         lambda t: t.world.practitioner.public_id),
    page("people:practitioner_absences", "post", {302: MANAGER}, 403,
         lambda t: t.world.practitioner.public_id, sent=leave),
    page("people:absence_end", "post", {302: MANAGER, 403: DOCTOR}, 404, pk.absence),
]
API = [
    api("api:case-list", "get", {200: PEOPLE | SYSTEMS}, 403, shows=case, to=SEE | SYSTEM),
    api("api:case-detail", "get", {200: SEE | SYSTEM}, 404, of.case),
    api("api:case-list", "post", {201: DOCTOR | MANAGERS | TRAINERS | SYSTEMS}, 403, sent=entry,
        as_json=True),
]
# fmt: on
ROWS = PAGES_OF_CASES + PAGES_OF_CURVES + ABSENCES + API
NOUNS = {"cases": "case"}
PAGES = {
    "logbook:mine": "doctor",
    "logbook:waiting": "county_doctor",
    "logbook:list": "township_manager",
    "logbook:curves": "township_manager",
    "logbook:reviews": "office",
}
