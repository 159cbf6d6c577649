"""Who gets which answer from the API, asked in a browser or by another hospital's system."""

from tests import worlds
from tests.access.cast import (
    ALLIANCE,
    CLINICAL,
    HERE,
    PARTIES,
    PEOPLE,
    SYSTEM,
    SYSTEMS,
    THEIR_SYSTEM,
)
from tests.access.tables import LOGIN, api, of, page, public
from tests.access.things import picture

DOCTOR = frozenset({"doctor"})
ALL = PEOPLE | SYSTEMS
BOTH = PARTIES | SYSTEM | THEIR_SYSTEM
READERS = BOTH | ALLIANCE
OURS = HERE | SYSTEM
THEIR_DESK = frozenset({"their_liaison", "their_manager"}) | THEIR_SYSTEM
# Who acts for no institution, or registers no patients there.
REGISTERS = CLINICAL | SYSTEMS


def number(t):
    return t.leg.number


def on_file(t):
    return {"id_number": worlds.id_number(1)}


def new_patient(t):
    return {
        "name": "钱", "sex": "male", "birth_date": "1980-01-01", "id_type": "01",
        "id_number": worlds.id_number(9),
    }  # fmt: skip


def filing(t):
    return {
        "patient": str(t.stranger.public_id),
        "sender": str(t.township.public_id),
        "receiver": str(t.county.public_id),
        "direction": "up",
        "urgency": "urgent",
        "diagnoses": [t.world.appendicitis.code],
        "purpose": "treatment",
        "preliminary_impression": "急性阑尾炎可能",
        "present_illness": "腹痛",
        "indication": "需手术",
        "submit": True,
        "consent": {"given": True, "method": "written", "given_by": "patient"},
    }


def matching(t):
    return {"If-Match": f'"{t.leg.version}"'}


# fmt: off
REFERENCE = [
    api("api:institution-list", "get", {200: ALL}, 403),
    api("api:institution-detail", "get", {200: ALL}, 403, of.township),
    api("api:department-list", "get", {200: ALL}, 403),
    api("api:department-detail", "get", {200: ALL}, 403, of.department),
    api("api:practitioner-list", "get", {200: ALL}, 403),
    api("api:practitioner-detail", "get", {200: ALL}, 403, of.practitioner),
    api("api:disease-list", "get", {200: ALL}, 403),
    api("api:disease-detail", "get", {200: ALL}, 403, lambda t: t.world.appendicitis.code),
    api("api:technique-list", "get", {200: ALL}, 403),
    api("api:technique-detail", "get", {200: ALL}, 403, lambda t: t.world.appendectomy.code),
    api("api:reason-code-list", "get", {200: ALL}, 403),
]
PATIENTS = [
    api("api:patient-list", "get", {200: ALL}, 403, query=on_file,
        shows=lambda t: str(t.patient.public_id), to=BOTH),
    api("api:patient-list", "post", {201: REGISTERS}, 403, sent=new_patient, as_json=True),
    api("api:patient-detail", "get", {200: BOTH}, 404, of.patient),
]
REFERRALS = [
    api("api:referral-list", "get", {200: ALL}, 403, shows=number, to=READERS),
    api("api:referral-list", "post", {201: OURS, 400: ALL - OURS}, 403, sent=filing, as_json=True),
    api("api:referral-detail", "get", {200: READERS}, 404, of.leg, shows=number, to=READERS),
    api("api:referral-events", "get", {200: READERS}, 404, of.leg),
    api("api:referral-moves", "post", {200: THEIR_DESK, 403: READERS - THEIR_DESK}, 404, of.leg,
        sent=lambda t: {"move": "accept"}, headers=matching, as_json=True, note="accept"),
    api("api:referral-moves", "post", {200: OURS, 403: READERS - OURS}, 404, of.leg,
        sent=lambda t: {"move": "cancel", "reason_code": "wish"}, headers=matching, as_json=True,
        note="cancel"),
    api("api:attachment-list", "get", {200: READERS}, 404, of.leg,
        shows=lambda t: "ecg.png", to=BOTH),
    api("api:attachment-list", "post", {201: BOTH, 403: ALLIANCE}, 404, of.leg,
        sent=lambda t: {"file": picture("x.png")}),
    api("api:attachment-detail", "get", {200: BOTH}, 404, of.leg, of.attachment),
    api("api:attachment-detail", "delete", {204: OURS, 403: BOTH - OURS}, 404,
        of.leg, of.attachment),
]
NOTICES = [
    api("api:notice-list", "get", {200: ALL}, 403,
        shows=lambda t: str(t.notice.public_id), to=DOCTOR),
    api("api:notice-detail", "get", {200: DOCTOR}, 404, of.notice),
    api("api:notice-read", "post", {200: DOCTOR}, 404, of.notice),
]
DOCUMENTS = [
    api("schema", "get", {200: ALL}, 403),
    page("api-docs", "get", {200: PEOPLE}, LOGIN),
    public("oauth2_provider:token", "post", {}, 400),
    public("oauth2_provider:revoke-token", "post", {}, 400),
    # For who builds pages; outside development and demonstration it does not exist.
    public("styleguide:page", "get", {}, 404),
    public("styleguide:search", "get", {}, 404),
    public("styleguide:autosave", "post", {}, 404),
]
ROWS = REFERENCE + PATIENTS + REFERRALS + NOTICES + DOCUMENTS
