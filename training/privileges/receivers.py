"""What this room does for the outbox."""

from alliance.core import outbox

from . import notices


@outbox.handler("privileges.event")
def tell_event(*, event_id: int) -> None:
    """Tell those concerned what happened to a privilege."""
    notices.tell_event(event_id=event_id)


@outbox.handler("privileges.override")
def tell_override(*, override_id: int) -> None:
    """Tell of an emergency beyond a privilege."""
    notices.tell_override(override_id=override_id, what="recorded")


@outbox.handler("privileges.override_reported")
def tell_reported(*, override_id: int) -> None:
    """Tell that a report waits for review."""
    notices.tell_override(override_id=override_id, what="reported")
