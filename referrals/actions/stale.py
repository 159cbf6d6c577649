"""A leg that everybody forgot must not stand in the way of the patient who is here again."""

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from alliance.core.policy import PolicySet, policies

from ..choices import Move, Status
from ..models import Referral
from ..workflow import rows_for


def end_what_blocks(referral: Referral, *, by: Any, now: datetime) -> bool:
    """End the open leg of this patient and specialty, if nobody has moved it for too long.

    Before arrival it lapses; where the patient was with the receiver it closes, since they are
    evidently elsewhere now. Both houses hear of it. Returns whether the way is free.
    """
    from .moving import move_by_system

    legs = Referral.objects.select_for_update().filter(
        patient=referral.patient, specialty=referral.specialty, closed_at=None
    )
    blocking = legs.exclude(status__in=(Status.DRAFT, Status.BACK_REFERRED)).first()
    if blocking is None or not _is_stale(blocking, now):
        return False
    lapses = bool(rows_for(Move.LAPSE, blocking.status, system=True))
    closes = bool(rows_for(Move.CLOSE, blocking.status, system=True))
    if not (lapses or closes):
        return False
    move_by_system(
        referral=blocking,
        move=Move.LAPSE if lapses else Move.CLOSE,
        by=by,
        reason=_("Nobody moved it any more; %(number)s takes its place.")
        % {"number": referral.number},
        reason_code="no_answer" if lapses else "moved_on",
    )
    return True


def _is_stale(leg: Referral, now: datetime) -> bool:
    values: PolicySet = policies(
        alliance_id=leg.alliance_id, on=timezone.localdate(now), prefix="lapse."
    )
    if leg.due_at is not None:
        return leg.due_at <= now - timedelta(hours=values["lapse.hours"])
    return leg.state_since <= now - timedelta(days=values["lapse.care_days"])
