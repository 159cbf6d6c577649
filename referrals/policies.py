"""May this person do this move with this leg."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from alliance.core.access import has_permission
from alliance.core.choices import Permission

from .choices import Move, Side, Urgency
from .models import Referral
from .workflow import Facts, Transition, open_rows, rows_for, transition


def facts_of(referral: Referral) -> Facts:
    """The facts that guards ask for; reads columns and the loaded sender only."""
    return Facts(
        is_back_leg=referral.is_back_leg,
        followed_up=referral.followed_up_at is not None,
        owes_paperwork=referral.paperwork_due_at is not None,
        needs_review=referral.urgency != Urgency.EMERGENCY and referral.sender.reviews_referrals,
    )


def holds_side(user: Any, row: Transition, referral: Referral) -> bool:
    """Whether the user stands on the side whose move this is, with its permission.

    Nobody receives yet what is still in the sender's house.
    """
    receiver = referral.receiver_id if referral.sent_at else None
    sides: dict[str, list[int | None]] = {
        Side.SENDER: [referral.sender_id],
        Side.RECEIVER: [receiver],
        Side.EITHER: [referral.sender_id, receiver],
    }
    return any(
        has_permission(user, row.permission, institution_id=pk) for pk in sides.get(row.side, [])
    )


def allowed_transition(user: Any, move: Move, referral: Referral) -> Transition:
    """The row that applies for this user.

    Raises PermissionDenied when the user could never do this move here, TransitionNotAllowed
    when only the state stands against it.
    """
    if not any(holds_side(user, row, referral) for row in rows_for(move)):
        raise PermissionDenied(_("This move is not yours."))
    row = transition(referral.status, move, facts_of(referral))
    if not holds_side(user, row, referral):
        raise PermissionDenied(_("This move is not yours."))
    return row


def open_moves(user: Any, referral: Referral) -> list[str]:
    """Names of the moves this user may make now, in the order of the table, each once."""
    rows = open_rows(referral.status, facts_of(referral))
    moves = [str(row.move) for row in rows if holds_side(user, row, referral)]
    return list(dict.fromkeys(moves))


def is_party(user: Any, leg: Referral) -> bool:
    """Whether the reader sees the patient, not only the leg: sender or receiver, no overseer."""
    return any(
        has_permission(user, Permission.PATIENT_VIEW, institution_id=pk)
        for pk in (leg.sender_id, leg.receiver_id)
        if pk
    )
