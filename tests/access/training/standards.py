"""Who gets which answer from the pages and endpoints of admissions."""

from django.utils import timezone

from tests.access.cast import (
    ALLIANCE,
    CLINICAL,
    MANAGERS,
    OFFICES,
    OVERSEERS,
    PEOPLE,
    SYSTEMS,
    TRAINERS,
)
from tests.access.tables import api, day, of, page
from tests.factories import alliance as make
from tests.factories.standards import admitted, applied
from training.standards.choices import Move

LOOKERS = CLINICAL | OVERSEERS | TRAINERS
APPLICANT = frozenset({"their_manager"})
OFFICE = frozenset({"office"})
QC = frozenset({"qc"})
PARTIES = APPLICANT | ALLIANCE


def lay(world):
    """One application of the county that waits, and an admission of the other county."""
    return {
        "admission": applied(world),
        "admission_granted": admitted(world, institution=world.county2),
    }


def sent(move, thing="admission", **more):
    """What the form of a move sends."""

    def body(t):
        values = {"version": getattr(t, thing).version, **more}
        return {f"{move}-{name}": value for name, value in values.items()}

    return body


def moves(name, answers, thing="admission", **more):
    return page(
        "standards:move", "post", answers, 404, getattr(of, thing), Move(name),
        sent=sent(name, thing, **more), note=name,
    )  # fmt: skip


def public_id(t):
    return str(t.admission.public_id)


# fmt: off
PAGES_ROWS = [
    page("standards:admissions", "get", {200: LOOKERS}, 403, shows=public_id, to=PARTIES),
    page("standards:inbox", "get", {200: OFFICES}, 403, shows=public_id, to=OFFICE),
    page("standards:apply", "get", {200: MANAGERS}, 403),
    page("standards:apply", "post", {422: MANAGERS}, 403),
    page("standards:admission", "get", {200: PARTIES}, 404, of.admission),
    page("standards:answers", "post", {409: APPLICANT, 403: ALLIANCE}, 404, of.admission,
         sent=lambda t: {"version": t.admission.version}),
]
MOVES = [
    moves("submit", {409: APPLICANT, 403: ALLIANCE}),
    moves("admit", {302: OFFICE, 403: APPLICANT | QC}, valid_from=day(0), conditions="限主任操作"),
    moves("return", {302: OFFICE, 403: APPLICANT | QC}, reason="补充材料"),
    moves("refuse", {302: OFFICE, 403: APPLICANT | QC}, reason="条件不足"),
    moves("take_back", {302: APPLICANT, 403: ALLIANCE}),
    moves("withdraw", {302: OFFICE, 403: QC}, "admission_granted", reason="停用"),
    moves("suspend", {302: OFFICE, 403: QC}, "admission_granted", reason="设备待检",
          stop_condition="hazard", valid_from=day(0)),
    moves("restore", {409: OFFICE, 403: QC}, "admission_granted", reason="已检"),
    moves("first_use", {403: ALLIANCE}, "admission_granted", first_used_on=day(0)),
    moves("file", {403: ALLIANCE}, "admission_granted", filed_on=day(0), filing_number="1"),
]
API = [
    api("api:admission-list", "get", {200: PEOPLE | SYSTEMS}, 403, shows=public_id, to=PARTIES),
    api("api:admission-detail", "get", {200: PARTIES}, 404, of.admission),
]
ROWS = PAGES_ROWS + MOVES + API
NOUNS = {"admissions": "admission"}
PAGES = {"standards:admissions": "office", "standards:inbox": "office"}


def grow(world, serial):
    """One more admission of the township, and one more application."""
    technique = make.TechniqueFactory(code=f"98.9{serial:02d}", specialty=make.SpecialtyFactory())
    admitted(world, institution=world.township, technique=technique)
    waiting = admitted(world, technique=technique)
    rows = type(waiting).objects.filter(pk=waiting.pk)
    rows.update(status="submitted", valid_from=None, submitted_at=timezone.now())
