"""Who may move an admission."""

from typing import Any

from alliance.core.access import access_of, has_permission
from alliance.core.choices import Permission

from .choices import Move, Side
from .models import Admission
from .workflow import TRANSITIONS, moves_from

_LOOKERS = frozenset(
    {Permission.ADMISSION_APPLY, Permission.ADMISSION_REVIEW, Permission.PRIVILEGE_VIEW}
)


def may_look(user: Any) -> bool:
    """Whether admissions concern the user at all."""
    return not access_of(user).everywhere().isdisjoint(_LOOKERS)


def houses_to_apply_for(user: Any) -> list[int]:
    """Ids of the institutions for which the user applies."""
    return access_of(user).institutions_with(Permission.ADMISSION_APPLY)


def alliances_to_review(user: Any) -> list[int]:
    """Ids of the alliances whose applications the user reviews."""
    return access_of(user).alliances_with(Permission.ADMISSION_REVIEW)


def may_apply(user: Any, institution_id: int) -> bool:
    """Whether the user applies for techniques of an institution."""
    return has_permission(user, Permission.ADMISSION_APPLY, institution_id=institution_id)


def may_move(user: Any, move: Move, admission: Admission) -> bool:
    """Whether the user is on the side that makes this move."""
    side = TRANSITIONS[move].side
    office = has_permission(user, Permission.ADMISSION_REVIEW, alliance_id=admission.alliance_id)
    if side == Side.OFFICE:
        return office
    applicant = may_apply(user, admission.institution_id)
    return applicant or (side == Side.EITHER and office)


def moves_open(user: Any, admission: Admission) -> frozenset[Move]:
    """The moves that the user may make on an admission as it stands."""
    return frozenset(m for m in moves_from(admission.status) if may_move(user, m, admission))
