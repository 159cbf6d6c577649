"""What a session remembers about its owner's sign-in, so that requests need not ask again."""

from typing import Any

from django.contrib.sessions.backends.base import SessionBase
from django.utils import timezone

from alliance.core.policy import policies

from . import rules

SEEN, IDLE_MINUTES, PASSWORD_DAYS = "seen_at", "idle_minutes", "password_days"
SIGN_IN, SECOND_FACTOR, WAS_IDLE = "sign_in", "second_factor", "was_idle"
# Touch the session at most this often, so that reading costs no write.
TOUCH_SECONDS = 60


def touch(session: SessionBase) -> None:
    """The owner did something just now; remember what policy says meanwhile."""
    values = policies(alliance_id=None, on=timezone.localdate(), prefix="security.")
    session[SEEN] = timezone.now().timestamp()
    session[IDLE_MINUTES] = values["security.idle_minutes"]
    session[PASSWORD_DAYS] = values["security.password_days"]


def seconds_idle(session: SessionBase) -> float | None:
    """How long ago the owner did something; None for a session that is nobody's."""
    seen = session.get(SEEN)
    return None if seen is None else timezone.now().timestamp() - float(seen)


def is_idle(session: SessionBase) -> bool:
    """Whether the owner has been away longer than policy allows."""
    idle = seconds_idle(session)
    return idle is not None and idle > 60 * int(session[IDLE_MINUTES])


def password_is_due(session: SessionBase, user: Any) -> bool:
    """Whether the owner must choose a new password for its age."""
    days = session.get(PASSWORD_DAYS)
    return days is not None and rules.password_is_due(
        changed_at=user.password_changed_at, days=int(days), now=timezone.now()
    )
