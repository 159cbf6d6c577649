"""What this room does for the outbox, and when patients are merged."""

from typing import Any

from django.dispatch import receiver
from django.utils import timezone

from alliance.core import outbox
from alliance.patients.signals import patients_merged

from . import actions, notices

outbox.handler("logbook.recorded")(notices.recorded)
outbox.handler("logbook.waiting")(notices.waiting)
outbox.handler("logbook.rejected")(notices.rejected)
outbox.handler("logbook.signal")(notices.signal)
outbox.handler("logbook.decided")(notices.decided)


@outbox.handler("logbook.curves")
def look_at_curves(*, alliance_id: int) -> None:
    """Many cases came in at once: look at all curves of the alliance."""
    actions.open_reviews(alliance_id=alliance_id, on=timezone.localdate())


@receiver(patients_merged, dispatch_uid="logbook.follow_merge")
def follow_merge(sender: Any, *, kept_id: int, merged_id: int, **kwargs: Any) -> None:
    """Same transaction: may refuse the merge by raising."""
    actions.repoint_patient(kept_id=kept_id, merged_id=merged_id)
