"""A leg that everybody forgot must not stand in the way of the patient who is here again."""

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from alliance.core.policy import PolicySet, policies

from ..choices import Move
from ..models import Referral
from ..workflow import rows_for


def ended(blocking: Referral, *, instead: Referral, by: Any, now: datetime) -> bool:
    """End a leg that stands in the way of another, if nobody has moved it for too long.

    Before arrival it lapses; where the patient was with the receiver it closes, since they are
    evidently elsewhere now. Both houses hear of it. Returns whether the way is free.
    """
    from .moving import move_by_system

    blocking = Referral.objects.select_for_update().get(pk=blocking.pk)
    if not _is_stale(blocking, now):
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
        % {"number": instead.number},
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
