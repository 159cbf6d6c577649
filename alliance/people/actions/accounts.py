"""Accounts: created and disabled by the system administrator, who grants no roles."""

from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from oauth2_provider.models import get_access_token_model

from alliance.core import ledger
from alliance.core.access import require
from alliance.core.choices import SEPARATED_POWERS, Permission
from alliance.core.errors import DomainError
from alliance.core.saving import assign, store
from alliance.institutions.models import Institution

from .. import passwords
from ..choices import AccountChange
from ..models import RoleGrant, SignIn, User
from ..signals import account_changed
from .grants import end_grants, keep_a_security_admin


@transaction.atomic
def create_user(
    *, by: Any, username: str, name: str, email: str = "", phone: str = "", language: str = ""
) -> tuple[User, str]:
    """Create an account without any role; return it with its first password, shown once."""
    require(by, Permission.USER_CREATE)
    return open_account(
        by=by, username=username, name=name, email=email, phone=phone, language=language
    )


def open_account(*, by: Any, **particulars: str) -> tuple[User, str]:
    """An account with a password that has to be changed at the first sign-in."""
    password = passwords.generate()
    user = build_user(password=password, **particulars)
    require_new_password(user)
    ledger.record("user.created", by=by, subject=user)
    return user, password


def build_user(
    *,
    username: str,
    name: str,
    password: str | None,
    email: str = "",
    phone: str = "",
    language: str = "",
) -> User:
    """Store a checked account; every field that is wrong is named.

    Without a password its owner sets one by e-mail (“Forgot password”).
    """
    user = User(
        username=username.strip(), name=name.strip(), email=email.strip().lower(),
        phone=phone.strip(), language=language or settings.LANGUAGE_CODE,
        is_demo=settings.DEMO_MODE,
    )  # fmt: skip
    user.set_password(password)
    store(user)
    return user


def require_new_password(user: User) -> None:
    """The password in force was chosen by somebody else: its owner must replace it."""
    user.must_change_password = True
    user.save(update_fields=["must_change_password"])


@transaction.atomic
def update_user(*, user: User, by: Any, name: str, email: str, phone: str) -> User:
    """Correct an account's particulars. A new address is the only one from then on."""
    require(by, Permission.USER_CREATE)
    user = _locked(user)
    values = {"name": name.strip(), "email": email.strip().lower(), "phone": phone.strip()}
    changed = assign(user, values)
    if not changed:
        return user
    store(user, only=list(values))
    if "email" in changed:
        EmailAddress.objects.filter(user=user).delete()
    ledger.record("user.changed", by=by, subject=user, fields=sorted(changed))
    return user


@transaction.atomic
def disable_user(*, user: User, by: Any, reason: str = "") -> User:
    """Shut an account: roles, sessions and tokens end with it."""
    require(by, Permission.USER_CREATE)
    _not_oneself(user, by)
    user = _locked(user)
    if not user.is_active:
        raise DomainError("account_disabled", _("This account is already disabled."))
    keep_a_security_admin(without=user.pk)
    _end_roles(user, RoleGrant.objects.filter(user=user), by)
    shut(user, by=by, reason=reason)
    return user


@transaction.atomic
def leave_institution(*, user: User, institution: Institution, by: Any) -> User:
    """A colleague leaves: the roles here end; without a role anywhere the account is shut."""
    require(by, Permission.COLLEAGUE_INVITE, institution_id=institution.pk)
    _not_oneself(user, by)
    user = _locked(user)
    ended = _end_roles(user, RoleGrant.objects.filter(user=user, institution=institution), by)
    if not ended:
        raise DomainError("not_a_colleague", _("This person holds no role here any more."))
    today = timezone.localdate()
    elsewhere = RoleGrant.objects.filter(user=user).exclude(valid_until__lte=today)
    if user.is_active and not elsewhere.exists():
        shut(user, by=by, reason="left")
    return user


@transaction.atomic
def enable_user(*, user: User, by: Any) -> User:
    """Open a shut account again. Roles do not come back by themselves."""
    require(by, Permission.USER_CREATE)
    user = _locked(user)
    if user.is_active:
        raise DomainError("account_enabled", _("This account is already enabled."))
    if user.is_service:
        raise DomainError("service_account", _("Enable the API client instead."))
    user.is_active, user.disabled_at, user.disabled_by = True, None, None
    user.save(update_fields=["is_active", "disabled_at", "disabled_by"])
    ledger.record("user.enabled", by=by, subject=user)
    account_changed.send(sender=User, user_id=user.pk, change=AccountChange.ENABLED)
    return user


@transaction.atomic
def reset_password(*, user: User, by: Any) -> str:
    """Give a person who is locked out a new first password, shown once.

    Holders of a separated power reset theirs by e-mail: nobody may enter in their name.
    """
    require(by, Permission.USER_CREATE)
    user = _locked(user)
    if user.is_service or not user.is_active:
        raise DomainError("account_disabled", _("This account is disabled. Enable it first."))
    powers = RoleGrant.objects.in_force(timezone.localdate()).filter(role__in=SEPARATED_POWERS)
    if powers.filter(user=user).exists():
        raise PermissionDenied(_("Administrators and auditors reset their password by e-mail."))
    password = passwords.generate()
    user.set_password(password)
    user.save()
    require_new_password(user)
    end_all_sessions(user)
    ledger.record("user.password_reset", by=by, subject=user)
    account_changed.send(sender=User, user_id=user.pk, change=AccountChange.PASSWORD_CHANGED)
    return password


@transaction.atomic
def remove_second_factor(*, user: User, by: Any) -> User:
    """A person lost their device: forget it, end the sessions. The security administrator's act."""
    require(by, Permission.ROLE_GRANT)
    _not_oneself(user, by)
    user = _locked(user)
    if not Authenticator.objects.filter(user=user).delete()[0]:
        raise DomainError("no_second_factor", _("This account has no second factor."))
    end_all_sessions(user)
    ledger.record("user.second_factor_removed", by=by, subject=user)
    account_changed.send(sender=User, user_id=user.pk, change=AccountChange.SECOND_FACTOR_REMOVED)
    return user


def shut(user: User, *, by: Any, reason: str) -> None:
    """Nothing that was handed out to this account works any longer."""
    user.is_active, user.disabled_at, user.disabled_by = False, timezone.now(), by
    user.save(update_fields=["is_active", "disabled_at", "disabled_by"])
    end_all_sessions(user)
    get_access_token_model().objects.filter(application__user=user).delete()
    ledger.record("user.disabled", by=by, subject=user, reason=reason)


def end_all_sessions(user: User) -> None:
    """Every session of the account ends at its next request."""
    User.objects.filter(pk=user.pk).update(session_epoch=F("session_epoch") + 1)
    user.refresh_from_db(fields=["session_epoch"])
    SignIn.objects.filter(user=user).open().update(ended_at=timezone.now())


def _end_roles(user: User, grants: Any, by: Any) -> list[RoleGrant]:
    ended = end_grants(grants, on=timezone.localdate())
    for grant in ended:
        ledger.record(
            "role.withdrawn",
            by=by,
            subject=user,
            institution_id=grant.institution_id,
            role=grant.role,
        )
    return ended


def _locked(user: User) -> User:
    return User.objects.select_for_update().get(pk=user.pk)


def _not_oneself(user: User, by: Any) -> None:
    if user.pk == by.pk:
        raise PermissionDenied(_("Nobody may do this to their own account."))
