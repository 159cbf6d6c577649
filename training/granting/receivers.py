"""What this room does for the outbox."""

from alliance.core import outbox

from . import notices


@outbox.handler("granting.moved")
def tell(*, event_id: int) -> None:
    """Tell those whom a step of an application concerns."""
    notices.tell(event_id=event_id)
