"""Privileges: who may ask, see, suspend, withdraw; emergencies; the public page of certificates."""

from datetime import date, timedelta

from django.utils import timezone

from tests.access.cast import (
    ALLIANCE,
    BESIDE,
    CLINICAL,
    HERE,
    OTHER_SYSTEMS,
    OUTSIDE,
    OVERSEERS,
    PEOPLE,
    SYSTEM,
    SYSTEMS,
    THEIR_SYSTEM,
    THERE,
    TRAINERS,
)
from tests.access.tables import api, of, page, public
from tests.factories import alliance as base
from tests.factories import privileges as make
from training.privileges import actions

DOCTOR, MANAGER = frozenset({"doctor"}), frozenset({"manager"})
SEE = HERE | TRAINERS | ALLIANCE
LEARNERS = CLINICAL | TRAINERS
MEMBERS = HERE | THERE | BESIDE | TRAINERS | ALLIANCE
IN_REACH = MEMBERS | SYSTEM | THEIR_SYSTEM | (OTHER_SYSTEMS - {"outside_system"})
CONCERNED = DOCTOR | MANAGER | ALLIANCE


def lay(world):
    """What the township's doctor may do, one with a certificate, and an emergency."""
    mine = {"practitioner": world.practitioner, "institution": world.township}
    certified = make.privilege(world, **mine, level="supervised")
    return {
        "privilege": make.privilege(world, technique=world.debridement, **mine),
        "certificate": actions.issue_certificate(privilege=certified, by=world.office),
        "override": make.override(world),
    }


def grow(world, serial):
    """One more privilege and emergency of the township."""
    technique = base.TechniqueFactory(code=f"98.8{serial:02d}")
    practitioner = base.PractitionerFactory(institution=world.township)
    make.privilege(
        world, practitioner=practitioner, technique=technique, institution=world.township
    )
    make.privilege(
        world, practitioner=world.practitioner, technique=technique, institution=world.township
    )
    at = timezone.now() - timedelta(hours=serial + 1)
    make.override(world, at=at, practitioner=practitioner)


NOUNS = {"privileges": "privilege"}
PAGES = {
    "privileges:who": "doctor",
    "privileges:mine": "doctor",
    "privileges:list": "doctor",
    "privileges:overrides": "township_manager",
}


def seen(thing, **more):
    return lambda t: {"version": getattr(t, thing).version, **more}


def question(t):
    return {
        "practitioner": t.practitioner.licence_number,
        "technique": t.world.debridement.code,
        "institution": str(t.township.public_id),
    }


def emergency(t):
    return {
        "institution": t.township.pk,
        "practitioner": t.practitioner.licence_number,
        "technique": t.world.gastrectomy.code,
        "at": "2026-05-01T03:00",
        "reason": "bleeding",
    }


# fmt: off
PRIVILEGES = [
    page("privileges:who", "get", {200: LEARNERS | OVERSEERS}, 403),
    page("privileges:mine", "get", {200: LEARNERS}, 403,
         shows=lambda t: str(t.privilege.public_id), to=DOCTOR),
    page("privileges:list", "get", {200: LEARNERS | OVERSEERS}, 403,
         shows=lambda t: str(t.privilege.public_id), to=SEE),
    page("privileges:detail", "get", {200: SEE}, 404, of.privilege),
    page("privileges:suspend", "post", {302: MANAGER | ALLIANCE, 403: SEE - MANAGER - ALLIANCE},
         404, of.privilege, sent=seen("privilege", reason="review")),
    page("privileges:restore", "post", {409: MANAGER | ALLIANCE, 403: SEE - MANAGER - ALLIANCE},
         404, of.privilege, sent=seen("privilege", reason="mended")),
    page("privileges:withdraw", "post", {302: ALLIANCE, 403: SEE - ALLIANCE},
         404, of.privilege, sent=seen("privilege", reason="left the specialty")),
    page("privileges:certify", "post", {302: ALLIANCE, 403: SEE - ALLIANCE}, 404, of.privilege),
    page("privileges:certificate", "get", {200: SEE}, 404, of.certificate),
    public("verify:certificate", "get", {}, 200, lambda t: t.certificate.token),
]
OVERRIDES = [
    page("privileges:overrides", "get", {200: LEARNERS | OVERSEERS}, 403,
         shows=lambda t: str(t.override.public_id), to=CONCERNED),
    page("privileges:override_new", "get", {200: LEARNERS}, 403),
    page("privileges:override_new", "post", {
        302: HERE | TRAINERS, 422: THERE | BESIDE | OUTSIDE,
    }, 403, sent=emergency),
    page("privileges:override", "get", {200: CONCERNED}, 404, of.override),
    page("privileges:override_report", "post", {302: DOCTOR, 403: CONCERNED - DOCTOR}, 404,
         of.override, sent=seen("override", report="done")),
    page("privileges:override_review", "post", {409: MANAGER | ALLIANCE, 403: DOCTOR}, 404,
         of.override, sent=seen("override", review="right")),
]
API = [
    api("api:privilege-list", "get", {200: PEOPLE | SYSTEMS}, 403,
        shows=lambda t: str(t.privilege.public_id), to=SEE | SYSTEM),
    api("api:privilege-detail", "get", {200: SEE | SYSTEM}, 404, of.privilege),
    api("api:privilege-may-perform", "get", {200: IN_REACH}, 404, query=question),
    api("api:privilege-who-may", "get", {200: IN_REACH}, 404,
        query=lambda t: {
            "technique": t.world.debridement.code, "institution": str(t.township.public_id),
            "on": str(date(2026, 6, 1)),
        }),
]
ROWS = PRIVILEGES + OVERRIDES + API
