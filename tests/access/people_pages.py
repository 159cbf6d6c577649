"""Who gets which answer from the pages about people, notices, imports, the ledger, sign-in."""

from tests.access.cast import DESKS, HERE, KEEPERS, MANAGERS, OFFICES, PEOPLE, TRAINERS
from tests.access.tables import LOGIN, of, page, pk, public
from tests.access.things import csv

MANAGER, DOCTOR = frozenset({"manager"}), frozenset({"doctor"})
ADMIN, SECURITY = frozenset({"system_admin"}), frozenset({"security_admin"})
THEIR_MANAGER = frozenset({"their_manager"})
AUDITOR = frozenset({"auditor"})
# Who has no account: also another system, for which a page is no place.
STRANGERS = frozenset({"anonymous", "system"})
# Whose page about the township's doctor opens, and what each of the powers may not do there.
SEES = MANAGER | ADMIN | SECURITY | AUDITOR
STAFF = HERE | {"keeper", "trainer"}


def particulars(t):
    return {"name": "周文", "email": "zhou@example.test", "phone": ""}


def practitioner(t):
    return {
        "name": "李文", "licence_number": "110330100099999", "title_code": "233",
        "practice_started_on": "2012-07-01", "sex": "male", "version": t.practitioner.version,
    }  # fmt: skip


def joining(t):
    word = "Correct-horse-7-battery"
    return {"name": "吴", "username": "wu", "password": word, "repeated": word}


def at_home(t):
    return {"institution": t.township.public_id}


def invited(t):
    return {**at_home(t), "name": "郑", "email": "z@example.test", "role": "doctor"}


# fmt: off
ACCOUNTS = [
    page("people:users", "get", {200: MANAGERS | ADMIN | SECURITY}, 403,
         shows=lambda t: t.colleague.username, to=MANAGER | ADMIN | SECURITY),
    page("people:user_new", "get", {200: ADMIN}, 403),
    page("people:user_new", "post", {200: ADMIN}, 403,
         sent=lambda t: {"username": "zheng", "name": "郑"}),
    page("people:user", "get", {200: SEES}, 404, of.colleague),
    page("people:user_edit", "get", {200: ADMIN, 403: SEES - ADMIN}, 404, of.colleague),
    page("people:user_edit", "post", {302: ADMIN, 403: SEES - ADMIN}, 404, of.colleague,
         sent=particulars),
    page("people:user_disable", "post", {302: ADMIN, 403: SEES - ADMIN}, 404, of.colleague),
    page("people:user_enable", "post", {409: ADMIN, 403: SEES - ADMIN}, 404, of.colleague),
    page("people:user_password", "post", {200: ADMIN, 403: SEES - ADMIN}, 404, of.colleague),
    page("people:user_second_factor", "post", {409: SECURITY, 403: SEES - SECURITY}, 404,
         of.colleague),
    page("people:user_leave", "post", {302: MANAGER}, 404, of.colleague, of.township),
    page("people:role_grant", "post", {302: SECURITY, 403: SEES - SECURITY}, 404, of.colleague,
         sent=lambda t: {"role": "liaison", **at_home(t)}),
    page("people:role_withdraw", "post", {302: SECURITY, 403: SEES - SECURITY}, 404,
         of.colleague, pk.grant),
    page("people:invitations", "get", {200: MANAGERS}, 403,
         shows=lambda t: t.invitation.email, to=MANAGER),
    page("people:invite", "get", {200: MANAGERS}, 403),
    page("people:invite", "post", {302: MANAGER, 422: MANAGERS - MANAGER}, 403, sent=invited),
    page("people:invitation_renew", "post", {302: MANAGER, 403: ADMIN}, 404, of.invitation),
    page("people:invitation_withdraw", "post", {302: MANAGER, 403: ADMIN}, 404, of.invitation),
    public("people:accept_invitation", "get", {}, 200, lambda t: t.token),
    public("people:accept_invitation", "get", {}, 404, "nonsense", note="unknown"),
    # With the new account one then signs in.
    public("people:accept_invitation", "post", {LOGIN: STRANGERS}, 403,
           lambda t: t.token, sent=joining),
    page("people:clients", "get", {200: MANAGERS | ADMIN}, 403,
         shows=lambda t: t.api_client.client_id, to=MANAGER | ADMIN),
    page("people:client_new", "get", {200: MANAGERS}, 403),
    page("people:client_new", "post", {200: MANAGER, 422: MANAGERS - MANAGER}, 403,
         sent=lambda t: {**at_home(t), "name": "LIS", "scopes": "reference"}),
    page("people:client_secret", "post", {200: MANAGER, 403: ADMIN}, 404, pk.api_client),
    page("people:client_disable", "post", {302: MANAGER | ADMIN}, 404, pk.api_client),
    page("people:client_enable", "post", {409: MANAGER, 403: ADMIN}, 404, pk.api_client),
    page("people:practitioners", "get", {200: PEOPLE}, 403),
    page("people:practitioner_new", "get", {200: MANAGERS}, 403),
    page("people:practitioner_new", "post", {302: MANAGERS}, 403, sent=practitioner),
    page("people:practitioner", "get", {200: MANAGER}, 403, of.practitioner),
    page("people:practitioner", "post", {302: MANAGER}, 403, of.practitioner, sent=practitioner),
    page("people:practitioner_sites", "get", {200: PEOPLE}, 403, of.practitioner),
    page("people:practitioner_sites", "post", {302: MANAGERS - MANAGER - THEIR_MANAGER, 422: MANAGER | THEIR_MANAGER}, 403,
         of.practitioner, sent=lambda t: {"valid_from": "2026-01-01"}),
    page("people:site_end", "post", {302: THEIR_MANAGER}, 403, of.practitioner, pk.site),
    page("people:practitioner_active", "post", {302: MANAGER}, 403, of.practitioner,
         sent=lambda t: {"is_active": "0", "version": t.practitioner.version}),
]
ONES_OWN = [
    page("people:profile", "get", {200: PEOPLE}, 403),
    page("people:profile", "post", {302: PEOPLE}, 403,
         sent=lambda t: {"name": "李", "phone": "", "language": "en"}),
    page("people:session_end", "post", {302: DOCTOR}, 404, pk.sign_in),
    page("people:sessions_end", "post", {302: PEOPLE}, 403),
    page("people:switch_institution", "get", {200: PEOPLE}, 403),
    page("people:switch_institution", "post", {302: STAFF}, 404,
         sent=at_home),
    page("notices:list", "get", {200: PEOPLE}, 403,
         shows=lambda t: f"{t.leg.number} was accepted", to=DOCTOR),
    page("notices:bell", "get", {200: PEOPLE}, 403),
    page("notices:read_all", "post", {302: PEOPLE}, 403),
    page("notices:preferences", "get", {200: PEOPLE}, 403),
    page("notices:preferences", "post", {302: PEOPLE}, 403),
    page("notices:open", "get", {302: DOCTOR}, 404, of.notice),
    page("notices:read", "post", {302: DOCTOR}, 404, of.notice),
]
EXCHANGE = [
    page("core:imports", "get", {200: DESKS | OFFICES | ADMIN | TRAINERS | KEEPERS}, 403,
         shows=lambda t: t.job.file_name, to=MANAGER),
    page("core:import-new", "get", {200: MANAGERS | OFFICES | ADMIN}, 403, "departments"),
    page("core:import-new", "get", {200: ADMIN}, 403, "users", note="users"),
    page("core:import-new", "get", {200: OFFICES | ADMIN}, 403, "diseases", note="diseases"),
    page("core:import-new", "get", {}, 404, "nonsense", note="unknown"),
    page("core:import-new", "post", {302: MANAGERS | OFFICES | ADMIN}, 403, "departments",
         sent=lambda t: {"file": csv()}),
    page("core:import-template", "get", {200: MANAGERS | OFFICES | ADMIN}, 403, "departments"),
    page("core:import-job", "get", {200: MANAGER}, 404, of.job),
    page("core:import-status", "get", {200: MANAGER}, 404, of.job),
    page("core:import-confirm", "post", {409: MANAGER}, 404, of.job),
    page("core:import-check", "post", {302: MANAGER}, 404, of.job),
    page("core:import-resume", "post", {409: MANAGER}, 404, of.job),
    page("core:import-errors", "get", {200: MANAGER}, 404, of.job),
    page("core:export", "get", {200: DESKS | OFFICES | ADMIN | TRAINERS | KEEPERS}, 403, "institutions"),
    page("core:export", "get", {200: MANAGERS | ADMIN}, 403, "users", note="users"),
    page("core:export", "get", {200: MANAGERS}, 403, "invitations", note="invitations"),
    page("core:ledger", "get", {200: AUDITOR}, 403),
]
MACHINES = [
    public("core:live", "get", {}, 200),
    public("core:ready", "get", {}, 200),
    # For who knows a word that tests do not set: tests/integration/core/test_metrics.py.
    public("core:metrics", "get", {}, 404),
    public("set_language", "get", {}, 302),
    public("set_language", "post", {}, 302, sent=lambda t: {"language": "en"}),
]
ROWS = ACCOUNTS + ONES_OWN + EXCHANGE + MACHINES
