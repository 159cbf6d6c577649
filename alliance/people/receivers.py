"""What this room does when somebody signs in or out, and for the outbox."""

from typing import Any

from allauth.account.signals import password_changed, password_reset, password_set
from allauth.mfa.signals import authenticator_added, authenticator_removed
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.dispatch import receiver
from django.http import HttpRequest

from alliance.core import outbox, rotation

from . import actions, sessions
from .models import User


@receiver(user_logged_in, dispatch_uid="people.start_idle_clock")
def start_idle_clock(sender: Any, *, request: HttpRequest, user: User, **kwargs: Any) -> None:
    """A session knows from its first moment how long it may idle."""
    sessions.touch(request.session)


@receiver(user_logged_out, dispatch_uid="people.note_sign_out")
def note_sign_out(sender: Any, *, request: HttpRequest, user: User | None, **kwargs: Any) -> None:
    """The session on the list of one's own sessions has ended."""
    if request.session.session_key:
        actions.note_sign_out(session_key=request.session.session_key)


@receiver([password_changed, password_set], dispatch_uid="people.note_password_change")
def note_password_change(sender: Any, *, request: HttpRequest, user: User, **kwargs: Any) -> None:
    """The session in use has a new key; the others have ended."""
    actions.note_password_change(
        user=user,
        sign_in_id=request.session.get(sessions.SIGN_IN),
        session_key=request.session.session_key or "",
    )


@receiver(password_reset, dispatch_uid="people.note_password_reset")
def note_password_reset(sender: Any, *, request: HttpRequest, user: User, **kwargs: Any) -> None:
    """A password was replaced through the link in a letter."""
    actions.note_password_change(user=user, sign_in_id=None, session_key="")


@receiver(authenticator_added, dispatch_uid="people.note_second_factor")
def note_second_factor(sender: Any, *, user: User, **kwargs: Any) -> None:
    """A device for one-time codes, or recovery codes, came into use."""
    actions.note_second_factor(user=user, added=True)


@receiver(authenticator_removed, dispatch_uid="people.note_second_factor_gone")
def note_second_factor_gone(
    sender: Any, *, request: HttpRequest, user: User, **kwargs: Any
) -> None:
    """The session must ask again whether a second factor is there."""
    request.session.pop(sessions.SECOND_FACTOR, None)
    actions.note_second_factor(user=user, added=False)


rotation.also("mfa.Authenticator.data")(actions.rotate_second_factors)


@outbox.handler("people.invitation")
def send_invitation(*, invitation_id: int) -> None:
    """Send an invitation's link by e-mail."""
    actions.send_invitation(invitation_id=invitation_id)
