"""Signing in: every attempt is counted before the password is looked at."""

from datetime import datetime
from typing import Any

from django.contrib.sessions.backends.cached_db import SessionStore
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from alliance.core import ledger

from .. import selectors
from ..choices import SignInOutcome
from ..models import SignIn, User
from .accounts import end_all_sessions


def begin_attempt(*, name: str, ip: str | None, agent: str) -> tuple[SignIn, datetime | None]:
    """Count an attempt as failed until it succeeds; also say until when the name is locked.

    Counting first leaves no gap through which many guesses at once could slip.
    """
    user = selectors.user_by_login(name)
    attempt = SignIn.objects.create(
        name_digest=selectors.login_digest(name),
        user=user,
        outcome=SignInOutcome.FAILED,
        ip=ip,
        agent=agent[:200],
    )
    until = selectors.locked_until(attempt, now=timezone.now())
    if until is not None:
        attempt.outcome = SignInOutcome.LOCKED
        attempt.save(update_fields=["outcome"])
    return attempt, until


def attempt_succeeded(*, attempt: SignIn) -> None:
    """The password was right: the attempt was no failure."""
    SignIn.objects.filter(pk=attempt.pk).delete()


def attempt_failed(*, attempt: SignIn) -> None:
    """The password was wrong, or the name is locked; the ledger knows it for accounts that exist."""
    if attempt.user is not None:
        ledger.record("login.failed", by=None, subject=attempt.user, outcome=attempt.outcome)


@transaction.atomic
def note_sign_in(*, user: User, session_key: str, ip: str | None, agent: str) -> SignIn:
    """Somebody is in: remember which session, so that they can end it from elsewhere."""
    ledger.record("login", by=user, subject=user)
    return SignIn.objects.create(
        name_digest=selectors.login_digest(user.username),
        user=user,
        outcome=SignInOutcome.OK,
        ip=ip,
        agent=agent[:200],
        session_key=session_key,
    )


def note_sign_out(*, session_key: str) -> None:
    """A session ended, by its owner or by idling."""
    SignIn.objects.filter(session_key=session_key, ended_at=None).update(ended_at=timezone.now())


@transaction.atomic
def note_password_change(*, user: User, sign_in_id: int | None, session_key: str) -> None:
    """A new password ended every other session and gave the one in use (if any) another key."""
    others = SignIn.objects.filter(user=user).open().exclude(pk=sign_in_id or 0)
    others.update(ended_at=timezone.now())
    note_new_key(sign_in_id=sign_in_id, session_key=session_key)
    ledger.record("user.password_changed", by=user, subject=user)


def note_second_factor(*, user: User, added: bool) -> None:
    """A person set up a second factor, or gave one up."""
    ledger.record(
        "user.second_factor_added" if added else "user.second_factor_dropped", by=user, subject=user
    )


@transaction.atomic
def end_session(*, sign_in: SignIn, by: Any) -> None:
    """End one of one's own sessions, on another device."""
    if sign_in.user_id != by.pk:
        raise PermissionDenied
    SessionStore(session_key=sign_in.session_key).delete()
    SignIn.objects.filter(pk=sign_in.pk, ended_at=None).update(ended_at=timezone.now())
    ledger.record("session.ended", by=by, subject=by)


@transaction.atomic
def end_other_sessions(*, by: User, keep: int | None) -> None:
    """End all of one's own sessions; the caller signs the one in use anew."""
    end_all_sessions(by)
    SignIn.objects.filter(pk=keep or 0, user=by).update(ended_at=None)
    ledger.record("session.ended", by=by, subject=by, all=True)


def note_new_key(*, sign_in_id: int | None, session_key: str) -> None:
    """A session was given another key."""
    SignIn.objects.filter(pk=sign_in_id or 0).update(session_key=session_key)


def forget_sign_ins(*, before: datetime) -> int:
    """Remove attempts older than the law asks logs to be kept."""
    return int(SignIn.objects.filter(at__lt=before).delete()[0])
