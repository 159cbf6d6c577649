"""What this room does for the outbox."""

from alliance.core import outbox

from . import notices

outbox.handler("tours.event")(notices.tell)
