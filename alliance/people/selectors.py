"""What others may ask about people."""

import hashlib
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet, Window
from django.db.models.functions import RowNumber
from django.http import HttpRequest
from django.utils import timezone

from alliance.core.access import access_of
from alliance.core.choices import SECOND_FACTOR_ROLES, Role
from alliance.core.policy import policies
from alliance.institutions.models import Institution

from . import rules, sessions, tokens
from .choices import SignInOutcome
from .models import ApiClient, Invitation, Practitioner, RoleGrant, SignIn, User

ACTING = "institution_id"
# How many accounts of one role the demonstration's sign-in page offers.
_OFFERED = 6


def acting_institution(request: HttpRequest) -> Institution | None:
    """The institution the signed-in user acts for: the one chosen, else the first held."""
    ids = sorted(access_of(request.user).institutions)
    if not ids:
        return None
    chosen = request.session.get(ACTING)
    pk = chosen if chosen in ids else ids[0]
    return Institution.objects.filter(pk=pk).first()


def institutions_of(user: Any) -> QuerySet[Institution]:
    """The institutions where the user holds a role today."""
    return Institution.objects.filter(pk__in=access_of(user).institutions).order_by("name")


def needs_second_factor(user: Any) -> bool:
    """Whether one of the user's roles asks for a second factor."""
    return not SECOND_FACTOR_ROLES.isdisjoint(access_of(user).roles)


def has_second_factor(user: User) -> bool:
    """Whether a device for one-time codes is set up."""
    return Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists()


def lacks_second_factor(user: User) -> bool:
    """Whether the user's role asks for a second factor that is not set up."""
    return needs_second_factor(user) and not has_second_factor(user)


def staff_with_roles(*, institution_ids: list[int], roles: Sequence[str], on: date) -> list[int]:
    """Ids of active people (no service accounts) who hold one of `roles` at these institutions."""
    return list(
        RoleGrant.objects.in_force(on)
        .filter(
            institution__in=institution_ids,
            role__in=roles,
            user__is_active=True,
            user__is_service=False,
        )
        .values_list("user_id", flat=True)
        .distinct()
    )


def systems_of(institution_ids: list[int], *, scope: str) -> list[int]:
    """Ids of the accounts of these institutions' open clients that hold a scope."""
    clients = ApiClient.objects.filter(
        institution__in=institution_ids, disabled_at=None, user__is_active=True
    )
    rows = clients.values_list("user_id", "scopes")
    return [pk for pk, scopes in rows if scope in scopes.split()]


def alliance_staff(alliance_id: int, *, roles: Sequence[str], on: date) -> list[int]:
    """Ids of the active people who hold one of `roles` at an alliance."""
    return list(
        RoleGrant.objects.in_force(on)
        .filter(alliance_id=alliance_id, role__in=roles, user__is_active=True)
        .values_list("user_id", flat=True)
        .distinct()
    )


def office_of(alliance_id: int, *, on: date) -> list[int]:
    """Ids of the active people of an alliance's office."""
    return alliance_staff(alliance_id, roles=[Role.ALLIANCE_OFFICE], on=on)


def user_by_login(name: str) -> User | None:
    """The account that somebody means who types `name` (user name or e-mail) to sign in."""
    text = name.strip()
    if not text:
        return None
    by_email = User.objects.filter(email__iexact=text).exclude(email="")
    return User.objects.filter(username__iexact=text).first() or by_email.first()


def login_digest(name: str) -> str:
    """What is kept of a typed name."""
    return hashlib.sha256(name.strip().casefold().encode()).hexdigest()


def locked_until(attempt: SignIn, *, now: datetime) -> datetime | None:
    """Until when the name of this attempt is locked by the attempts before it; None when open."""
    values = policies(alliance_id=None, on=timezone.localdate(now), prefix="security.lockout")
    limit = values["security.lockout_failures"]
    others = SignIn.objects.filter(_same_name(attempt)).exclude(pk=attempt.pk)
    since = others.filter(outcome=SignInOutcome.OK).order_by("-at").values_list("at", flat=True)[:1]
    failures = others.filter(outcome=SignInOutcome.FAILED)
    for moment in [*since, *([attempt.user.password_changed_at] if attempt.user else [])]:
        failures = failures.filter(at__gt=moment)
    latest = list(failures.order_by("-at").values_list("at", flat=True)[:limit])
    minutes = values["security.lockout_minutes"]
    return rules.locked_until(latest, limit=limit, minutes=minutes, now=now)


def _same_name(attempt: SignIn) -> Q:
    """One counter for an account, whichever of its names was typed; else one for the name."""
    return Q(user=attempt.user) if attempt.user else Q(name_digest=attempt.name_digest)


def invitation_of(token: str) -> Invitation | None:
    """The invitation behind a link, in whatever state it is."""
    return (
        Invitation.objects.select_related("institution", "invited_by")
        .filter(token_digest=tokens.digest(token))
        .first()
    )


def acceptable_password(password: str, *, username: str, email: str) -> str:
    """The password, if policy accepts it for a new account; told at the field `password`."""
    try:
        validate_password(password, User(username=username, email=email))
    except ValidationError as error:
        raise ValidationError({"password": error.messages}) from error
    return password


def open_sessions(user: User) -> list[SignIn]:
    """The user's sessions that still work, newest first, each with `seen_at`."""
    mine = {row.session_key: row for row in SignIn.objects.visible_to(user).open().order_by("-at")}
    alive = Session.objects.filter(session_key__in=mine, expire_date__gt=timezone.now())
    for session in alive:
        seen = session.get_decoded().get(sessions.SEEN)
        row = mine[session.session_key]
        row.seen_at = (
            datetime.fromtimestamp(seen, tz=timezone.get_current_timezone()) if seen else row.at
        )
    keys = {session.session_key for session in alive}
    return [row for key, row in mine.items() if key in keys]


def has_account(email: str) -> bool:
    """Whether somebody signs in with this address."""
    return User.objects.filter(email__iexact=email).exclude(email="").exists()


def is_shut(email: str) -> bool:
    """Whether the account with this address is disabled, so that nobody could accept for it."""
    return User.objects.filter(email__iexact=email, is_active=False).exclude(email="").exists()


def without_account(institution_ids: list[int]) -> QuerySet[Practitioner]:
    """Active practitioners of these institutions who cannot sign in yet."""
    return Practitioner.objects.filter(
        institution__in=institution_ids, is_active=True, user=None
    ).order_by("name")


def demo_people() -> QuerySet[User]:
    """The invented people of the demonstration; nobody outside demo mode."""
    people = User.objects.filter(is_demo=True, is_active=True, is_service=False)
    return people if settings.DEMO_MODE else people.none()


def demo_accounts() -> list[dict[str, str]]:
    """Who may be entered by one click, a few of each role; nobody outside demo mode."""
    grants = (
        RoleGrant.objects.in_force(timezone.localdate())
        .filter(user__in=demo_people())
        .annotate(nth=Window(RowNumber(), partition_by="role", order_by="pk"))
        .filter(nth__lte=_OFFERED)
        .select_related("user", "institution", "alliance")
    )
    order = list(Role)
    rows = sorted(grants, key=lambda grant: (order.index(Role(grant.role)), grant.pk))
    return [
        {
            "label": grant.user.name,
            "role": grant.get_role_display(),
            "institution": str(grant.institution or grant.alliance or ""),
            "username": grant.user.username,
        }
        for grant in rows
    ]
