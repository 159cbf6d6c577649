"""What this room does for the outbox."""

from alliance.core import outbox

from . import notices


@outbox.handler("purchases.moved")
def tell(*, event_id: int) -> None:
    """Tell those concerned about a move."""
    notices.tell(event_id=event_id)
