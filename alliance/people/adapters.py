"""How allauth behaves here: no self-registration, lockout by policy, everything on the ledger."""

import hashlib
from datetime import timedelta
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from alliance.core import ledger
from alliance.core.policy import policies

from .models import User


class AccountAdapter(DefaultAccountAdapter):
    """Accounts come by invitation; too many wrong passwords lock the name for a while."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody registers by themselves."""
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Refuse while locked; the counter is by name, so an attacker's addresses do not matter."""
        rules = policies(alliance_id=None, on=timezone.localdate(), prefix="security.")
        failures = cache.get(_key(credentials), 0)
        if failures >= rules["security.lockout_failures"]:
            raise ValidationError(
                _("Too many wrong passwords. Try again in %(n)d minutes, or reset your password.")
                % {"n": rules["security.lockout_minutes"]}
            )
        super().pre_authenticate(request, **credentials)

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Count the failure and put it on the ledger when the account exists."""
        rules = policies(alliance_id=None, on=timezone.localdate(), prefix="security.")
        key = _key(credentials)
        cache.add(key, 0, timedelta(minutes=rules["security.lockout_minutes"]).total_seconds())
        count = cache.incr(key)
        user = User.objects.filter(username=_name(credentials)).first()
        if user is not None:
            ledger.record("login.failed", by=None, subject=user, count=count)
        super().authentication_failed(request, **credentials)

    def post_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> Any:
        """Forget the failures and note the sign-in."""
        cache.delete(_key({"username": user.username}))
        ledger.record("login", by=user, subject=user)
        return super().post_login(request, user, **kwargs)


def _name(credentials: dict[str, Any]) -> str:
    return str(credentials.get("username") or credentials.get("email") or "")


def _key(credentials: dict[str, Any]) -> str:
    digest = hashlib.sha256(_name(credentials).strip().lower().encode()).hexdigest()
    return f"login-failures-{digest}"
