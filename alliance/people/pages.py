"""What the pages about people show."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from alliance.core.templatetags.times import when

from . import policies, selectors, sessions
from .models import Invitation, RoleGrant, SignIn, User


def tabs(request: HttpRequest) -> list[dict[str, Any]]:
    """The pages about accounts, those that concern the user."""
    user = request.user
    pages = [
        ("people:users", _("Accounts"), policies.may_open_accounts(user)),
        ("people:invitations", _("Invitations"), policies.may_invite(user)),
        ("people:clients", _("Other systems"), policies.may_see_clients(user)),
        ("people:practitioners", _("Practitioners"), policies.may_invite(user)),
    ]
    return [
        {"label": label, "url": url, "active": request.path == url}
        for url, label in ((reverse(route), label) for route, label, shown in pages if shown)
    ]


def account(user: Any, account: User) -> dict[str, Any]:
    """One account as the user may see it: facts, roles, and the acts open to them."""
    today = timezone.localdate()
    grants = RoleGrant.objects.visible_to(user).filter(user=account)
    rows = list(grants.select_related("institution", "alliance").order_by("-valid_from", "-pk"))
    acts = policies.acts_on(user, account)
    has_factor = selectors.has_second_factor(account)
    if not has_factor:
        acts -= {policies.Act.REMOVE_SECOND_FACTOR}
    mine = policies.houses(user)
    return {
        "account": account,
        "facts": _facts(account, has_factor),
        "grants": [
            grant for grant in rows if grant.valid_until is None or grant.valid_until > today
        ],
        "former": [grant for grant in rows if grant.valid_until and grant.valid_until <= today],
        "acts": {act.value: True for act in acts},
        "houses": _shared_houses(rows, mine, today) if policies.Act.LET_GO in acts else [],
    }


def _facts(account: User, has_factor: bool) -> list[dict[str, Any]]:
    return [
        {"label": _("User name"), "value": account.username},
        {"label": _("E-mail"), "value": account.email},
        {"label": _("Telephone"), "value": account.phone},
        {"label": _("Practitioner"), "value": account.practitioner},
        {"label": _("Last signed in"), "value": when(account.last_login)},
        {
            "label": _("Second factor"),
            "value": _("set up") if has_factor else _("not set up"),
        },
    ]


def _shared_houses(grants: list[RoleGrant], mine: list[int], today: Any) -> list[Any]:
    """The user's houses where this person still works."""
    found = {
        grant.institution
        for grant in grants
        if grant.institution_id in mine and (grant.valid_until is None or grant.valid_until > today)
    }
    return sorted(found, key=str)


def invitation_state(invitation: Invitation) -> dict[str, str]:
    """Where an invitation stands, in a word and a colour."""
    if invitation.accepted_at:
        return {"tone": "good", "label": _("accepted")}
    if invitation.withdrawn_at:
        return {"tone": "neutral", "label": _("taken back")}
    if invitation.expires_at <= timezone.now():
        return {"tone": "warn", "label": _("expired")}
    return {"tone": "active", "label": _("waiting")}


def security(request: HttpRequest) -> dict[str, Any]:
    """One's own sessions and the last attempts to sign in."""
    user: Any = request.user
    attempts = SignIn.objects.visible_to(user).order_by("-at", "-pk")[:10]
    return {
        "sessions": selectors.open_sessions(user),
        "current": request.session.get(sessions.SIGN_IN),
        "attempts": list(attempts),
        "has_second_factor": selectors.has_second_factor(user),
        "needs_second_factor": selectors.needs_second_factor(user),
    }
