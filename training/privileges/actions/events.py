"""One event, one line of the ledger and one announcement for everything that happens."""

from typing import Any

from alliance.core import ledger, outbox

from ..choices import EventKind
from ..models import Privilege, PrivilegeEvent
from ..signals import privilege_changed

_ACTS = {
    EventKind.GRANTED: "privilege.granted",
    EventKind.REPLACED: "privilege.replaced",
    EventKind.SUSPENDED: "privilege.suspended",
    EventKind.RESTORED: "privilege.restored",
    EventKind.WITHDRAWN: "privilege.withdrawn",
    EventKind.CERTIFIED: "certificate.issued",
}
# What its holder is told; a replaced one comes with the news of the new one.
_TOLD = frozenset({EventKind.GRANTED, EventKind.SUSPENDED, EventKind.RESTORED, EventKind.WITHDRAWN})


def note(privilege: Privilege, kind: EventKind, *, by: Any, reason: str = "", **data: Any) -> None:
    """Keep what happened, promise the notice, and tell the rooms above."""
    event = PrivilegeEvent.objects.create(
        privilege=privilege, kind=kind, by=by, reason=reason, data=data
    )
    ledger.record(
        _ACTS[kind],
        by=by,
        subject=privilege,
        institution_id=privilege.institution_id,
        reason=reason,
        **data,
    )
    if kind in _TOLD:
        outbox.put("privileges.event", event_id=event.pk)
    if kind != EventKind.CERTIFIED:
        privilege_changed.send(sender=Privilege, privilege_id=privilege.pk)
