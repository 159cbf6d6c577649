"""What this room does for the outbox."""

from alliance.core import outbox

from . import notices


@outbox.handler("devices.received")
def tell(*, device_id: int) -> None:
    """Tell the new keepers of a device."""
    notices.tell_received(device_id=device_id)
