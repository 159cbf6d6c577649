"""Who may apply, review, evaluate and decide."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from alliance.core.access import access_of, has_permission
from alliance.core.choices import Permission

from . import rules
from .choices import Move, Side
from .models import Purchase
from .workflow import TRANSITIONS, moves_from

BARRED = {
    "applicant": _("Whoever applies for an institution judges none of its applications."),
    "reviewer": _("Whoever reviewed an application does not evaluate it: somebody else has to."),
    "evaluator": _("Whoever evaluated an application does not decide it: somebody else has to."),
}
_LOOKERS = frozenset(
    {
        Permission.PURCHASE_APPLY,
        Permission.PURCHASE_REVIEW,
        Permission.PURCHASE_EVALUATE,
    }
)


def may_look(user: Any) -> bool:
    """Whether purchases concern the user at all."""
    return not access_of(user).everywhere().isdisjoint(_LOOKERS)


def houses_to_apply_for(user: Any) -> list[int]:
    """Ids of the institutions for which the user applies."""
    return access_of(user).institutions_with(Permission.PURCHASE_APPLY)


def may_apply(user: Any, institution_id: int) -> bool:
    """Whether the user applies for devices of an institution."""
    return has_permission(user, Permission.PURCHASE_APPLY, institution_id=institution_id)


def judges(user: Any) -> bool:
    """Whether the user reviews or evaluates purchases somewhere."""
    held = access_of(user).everywhere()
    return not held.isdisjoint({Permission.PURCHASE_REVIEW, Permission.PURCHASE_EVALUATE})


def is_next(move: Move, purchase: Purchase) -> bool:
    """Whether the application stands where this move begins."""
    return purchase.status in TRANSITIONS[move].sources


def on_side(user: Any, move: Move, purchase: Purchase) -> bool:
    """Whether the user's role is on the side that makes this move."""
    row = TRANSITIONS[move]
    if row.side == Side.APPLICANT:
        return has_permission(user, row.permission, institution_id=purchase.institution_id)
    return has_permission(user, row.permission, alliance_id=purchase.alliance_id)


def barred(user: Any, move: Move, purchase: Purchase) -> str:
    """Why this very person may not make a move that their role could; empty where they may."""
    return rules.barred(
        side=TRANSITIONS[move].side,
        status=purchase.status,
        person=user.pk,
        applies_there=may_apply(user, purchase.institution_id),
        hands=rules.Hands(
            purchase.created_by_id, purchase.reviewed_by_id, purchase.evaluated_by_id
        ),
    )


def moves_open(user: Any, purchase: Purchase) -> list[Move]:
    """The moves that the user may make on an application as it stands."""
    return [
        move
        for move in moves_from(purchase.status)
        if on_side(user, move, purchase) and not barred(user, move, purchase)
    ]
