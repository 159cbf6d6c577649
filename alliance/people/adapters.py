"""How allauth behaves here: no self-registration, lockout by policy, everything on the ledger."""

import logging
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.stagekit import clear_login
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone
from django.utils.translation import ngettext

from alliance.core import crypto
from alliance.core.context import client_ip

from . import actions, sessions

log = logging.getLogger(__name__)


class AccountAdapter(DefaultAccountAdapter):
    """Accounts come by invitation; too many wrong passwords lock the name for a while."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody registers by themselves."""
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """The same address that the ledger notes."""
        return client_ip.get() or super().get_client_ip(request)

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Allauth's own counter gives way to `authenticate`, which counts by policy."""

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send a letter. A mail server that is away must not tell strangers who has an account."""
        try:
            super().send_mail(template_prefix, email, context)
        except OSError:
            log.exception("letter %s could not be sent", template_prefix)

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Any:
        """Count the attempt, refuse while locked, then look at the password."""
        attempt, until = actions.begin_attempt(
            name=str(credentials.get("username") or credentials.get("email") or ""),
            ip=client_ip.get(),
            agent=self.get_http_user_agent(request),
        )
        if until is not None:
            actions.attempt_failed(attempt=attempt)
            minutes = max(1, -(-int((until - timezone.now()).total_seconds()) // 60))
            message = ngettext(
                "Too many wrong passwords. Try again in %(n)d minute, or reset your password.",
                "Too many wrong passwords. Try again in %(n)d minutes, or reset your password.",
                minutes,
            )
            raise ValidationError(message % {"n": minutes})
        user = super().authenticate(request, **credentials)
        if user is None:
            actions.attempt_failed(attempt=attempt)
        else:
            actions.attempt_succeeded(attempt=attempt)
        return user

    def pre_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponseBase | None:
        """Systems do not sign in here, and invented people only in a demonstration."""
        if user.is_service or (user.is_demo and not settings.DEMO_MODE):
            clear_login(request)
            return self.respond_user_inactive(request, user)
        return super().pre_login(request, user, **kwargs)

    def post_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> Any:
        """Note the sign-in and which session it opened."""
        sign_in = actions.note_sign_in(
            user=user,
            session_key=request.session.session_key or "",
            ip=client_ip.get(),
            agent=self.get_http_user_agent(request),
        )
        request.session[sessions.SIGN_IN] = sign_in.pk
        return super().post_login(request, user, **kwargs)


class MFAAdapter(DefaultMFAAdapter):
    """The keys of second factors are sealed at rest like patients' identity numbers."""

    def encrypt(self, text: str) -> str:
        """Seal a key for the database."""
        return crypto.encrypt(text)

    def decrypt(self, encrypted_text: str) -> str:
        """Open a sealed key."""
        return crypto.decrypt(encrypted_text)
