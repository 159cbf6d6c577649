"""What this room does for the outbox."""

from typing import Any

from alliance.core import outbox

from . import notices


@outbox.handler("mentoring.posting")
def tell_posting(**payload: Any) -> None:
    """Tell people of a step of a posting."""
    notices.tell_posting(**payload)


@outbox.handler("mentoring.session")
def tell_session(**payload: Any) -> None:
    """Tell those who were guided that it is on record."""
    notices.tell_session(**payload)


@outbox.handler("mentoring.mentorship")
def tell_mentorship(**payload: Any) -> None:
    """Tell people of a step of a mentorship."""
    notices.tell_mentorship(**payload)
