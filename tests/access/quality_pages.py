"""Who gets which answer from the pages and endpoints of quality control."""

from tests.access.cast import ALLIANCE, KEEPERS, MANAGERS, OVERSEERS, PEOPLE, SYSTEM, SYSTEMS
from tests.access.tables import api, day, of, page

MANAGER = frozenset({"manager"})
LOOKERS = MANAGERS | OVERSEERS | KEEPERS
SEE = MANAGER | ALLIANCE


def seen(**more):
    return lambda t: {"version": t.finding.version, **more}


def finding(t):
    return str(t.finding.public_id)


# fmt: off
FINDINGS = [
    page("qc:board", "get", {200: LOOKERS}, 403),
    page("qc:findings", "get", {200: LOOKERS}, 403, shows=finding, to=SEE),
    page("qc:finding", "get", {200: SEE}, 404, of.finding),
    page("qc:finding_assign", "post", {302: MANAGER, 403: ALLIANCE}, 404, of.finding,
         sent=lambda t: seen(owner=t.world.doctor.pk)(t)),
    page("qc:finding_waive", "post", {302: ALLIANCE, 403: MANAGER}, 404, of.finding,
         sent=seen(reason="等待续期", until=day(30))),
    page("qc:finding_end_waiver", "post", {409: ALLIANCE, 403: MANAGER}, 404, of.finding,
         sent=seen()),
]
RUNS = [
    page("qc:runs", "get", {200: OVERSEERS}, 403),
    page("qc:run", "post", {302: OVERSEERS}, 403, sent=lambda t: {"day": day(0)}),
    page("qc:checks", "get", {200: OVERSEERS}, 403),
]
API = [
    api("api:finding-list", "get", {200: PEOPLE | SYSTEMS}, 403, shows=finding, to=SEE | SYSTEM),
    api("api:finding-detail", "get", {200: SEE | SYSTEM}, 404, of.finding),
]
ROWS = FINDINGS + RUNS + API
