"""Who gets which answer from the pages of referrals and patients."""

import uuid

from tests import worlds
from tests.access.cast import ALLIANCE, CLINICAL, DESKS, HERE, OFFICES, OVERSEERS, PARTIES, PEOPLE
from tests.access.tables import of, page, pk
from tests.access.things import picture

DOCTOR, MANAGER = frozenset({"doctor"}), frozenset({"manager"})
THEIR_DESK, THEIR_MANAGER = frozenset({"their_liaison", "their_manager"}), {"their_manager"}
DESKS_OF_PARTIES = DESKS & PARTIES
READERS = PARTIES | ALLIANCE
MERGERS = MANAGER | THEIR_MANAGER
THERE = PARTIES - HERE


def version(**more):
    return lambda t: {"version": t.leg.version, **more}


def key(**more):
    return lambda t: {"idempotency_key": uuid.uuid4().hex, "version": t.draft.version, **more}


def leg(t):
    """In every row and link of a list."""
    return str(t.leg.public_id)


def person(t):
    return str(t.patient.public_id)


def number(t):
    return {"id_type": "01", "id_number": worlds.id_number(1), "search": worlds.id_number(1)}


def new_person(t):
    return {"name": "孙", "id_type": "01", "id_number": worlds.id_number(11)}


def reason(t):
    return {"reason": "核对身份"}


def agreed(t):
    return {
        "purpose": "referral", "receiver": t.county.pk, "method": "written",
        "given_by": "patient", "given_at": "2026-01-02T10:00",
    }  # fmt: skip


def merged(t):
    return {"keep": "one", "one_version": 1, "other_version": 1, "reason": "同一人"}


# fmt: off
LEGS = [
    page("home", "get", {200: PEOPLE}, 403, shows=leg, to=DOCTOR | {"their_liaison"}),
    page("referrals:list", "get", {200: CLINICAL | OVERSEERS}, 403, shows=leg, to=READERS),
    page("referrals:export", "get", {200: DESKS | OFFICES}, 403),
    page("referrals:keep-view", "post", {302: CLINICAL | OVERSEERS}, 403,
         sent=lambda t: {"name": "Mine", "query": "urgency=urgent"}),
    page("referrals:drop-view", "post", {302: DOCTOR}, 404, pk.saved_view),
    page("referrals:inbox", "get", {200: DESKS}, 403, shows=leg, to=THEIR_DESK),
    page("referrals:inbox-row", "get", {200: DESKS_OF_PARTIES, 404: DESKS - PARTIES}, 403, of.leg),
    page("referrals:for_patient", "get", {200: PARTIES}, 404, of.patient, shows=leg, to=PARTIES),
    page("referrals:detail", "get", {200: READERS}, 404, of.leg,
         shows=lambda t: t.attachment.name, to=PARTIES),
    page("referrals:news", "get", {204: READERS}, 404, of.leg, sent=version()),
    page("referrals:other-places", "get", {200: READERS}, 404, of.leg),
    page("referrals:print", "get", {200: PARTIES, 403: ALLIANCE}, 404, of.leg),
    page("referrals:attach", "post", {302: PARTIES, 403: ALLIANCE}, 404, of.leg,
         sent=lambda t: {"file": picture("x.png")}),
    page("referrals:attachment", "get", {200: PARTIES}, 404, of.leg, of.attachment),
    page("referrals:remove-attachment", "post", {302: HERE, 403: THERE}, 404,
         of.leg, of.attachment),
]
MOVES = [
    page("referrals:move", "get", {200: THEIR_DESK, 403: READERS - THEIR_DESK}, 404,
         of.leg, "accept", note="accept"),
    page("referrals:move", "post", {302: THEIR_DESK, 403: READERS - THEIR_DESK}, 404,
         of.leg, "accept", sent=version(), note="accept"),
    page("referrals:move", "post", {302: HERE, 403: READERS - HERE}, 404,
         of.leg, "cancel", sent=version(reason_code="wish"), note="cancel"),
    page("referrals:move", "post", {302: MANAGER, 403: READERS - MANAGER}, 404,
         of.leg, "mark_error", sent=version(reason="Wrong patient", sure="on"), note="mark error"),
]
FILING = [
    page("referrals:new", "get", {200: CLINICAL}, 403),
    page("referrals:new", "post", {422: CLINICAL}, 403, sent=key(action="submit")),
    page("referrals:autosave-new", "post", {200: CLINICAL}, 403, sent=key()),
    page("referrals:attach-new", "post", {302: CLINICAL}, 403, sent=key()),
    page("referrals:patient-lookup", "post", {200: CLINICAL}, 403, sent=number),
    page("referrals:check_receiver", "get", {200: CLINICAL}, 403),
    page("referrals:lookup", "get", {200: CLINICAL}, 403, "diseases"),
    page("referrals:lookup", "get", {404: PEOPLE}, 404, "nonsense", note="unknown"),
    page("referrals:draft", "get", {200: HERE}, 404, of.draft),
    page("referrals:draft", "get", {302: HERE}, 404, of.leg, note="filed"),
    page("referrals:draft", "post", {302: HERE}, 404, of.draft, sent=key(action="discard")),
    page("referrals:autosave", "post", {200: HERE}, 404, of.draft, sent=key()),
]
PATIENTS = [
    page("patients:list", "get", {200: CLINICAL}, 403, shows=person, to=PARTIES),
    page("patients:find", "post", {302: PARTIES, 200: CLINICAL - PARTIES}, 403, sent=number),
    page("patients:register", "get", {200: CLINICAL}, 403),
    page("patients:register", "post", {302: CLINICAL}, 403, sent=new_person),
    page("patients:duplicates", "post", {200: CLINICAL}, 403, sent=number,
         shows=person, to=PARTIES),
    page("patients:detail", "get", {200: PARTIES}, 404, of.patient),
    page("patients:amend", "get", {302: PARTIES}, 404, of.patient),
    page("patients:amend", "post", {200: PARTIES}, 404, of.patient, sent=reason),
    page("patients:reveal", "post", {200: PARTIES}, 404, of.patient, sent=reason,
         shows=lambda t: worlds.id_number(1), to=PARTIES),
    page("patients:consent", "get", {200: PARTIES}, 404, of.patient),
    page("patients:consent", "post", {302: HERE, 422: THERE}, 404, of.patient, sent=agreed),
    page("patients:withdraw-consent", "post", {302: PARTIES}, 404, of.patient,
         lambda t: t.leg.consent.public_id, sent=reason),
    page("patients:merge-find", "get", {200: MERGERS, 403: PARTIES - MERGERS}, 404, of.patient),
    page("patients:merge-find", "post", {200: MERGERS, 403: PARTIES - MERGERS}, 404, of.patient),
    page("patients:merge", "get", {200: MANAGER, 403: HERE - MANAGER}, 404,
         of.patient, of.stranger),
    page("patients:merge", "post", {302: MANAGER, 403: HERE - MANAGER}, 404,
         of.patient, of.stranger,
         sent=merged),
]
ROWS = LEGS + MOVES + FILING + PATIENTS
