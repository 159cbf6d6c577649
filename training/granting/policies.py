"""What a person may do about an application, and about the committee."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from django.core.exceptions import PermissionDenied

from alliance.core.access import access_of, has_permission
from alliance.core.choices import Permission

from .choices import Move, Side, Status
from .models import Application, Committee
from .querysets import COMMITTEE
from .workflow import TRANSITIONS, open_moves


class Act(StrEnum):
    """Acts that an application's page offers."""

    TAKE_UP = "take_up"
    VOTE = "vote"
    DECLARE = "declare"
    DECIDE = "decide"
    WITHDRAW = "withdraw"


def may_apply(user: Any) -> bool:
    """Whether the user may apply for a privilege of their own."""
    return Permission.PRIVILEGE_APPLY in access_of(user).everywhere()


def may_follow(user: Any) -> bool:
    """Whether the user sees applications of others: of their house, or of their committee."""
    access = access_of(user)
    return Permission.TRAINING_VIEW in access.everywhere() or sits_on_committees(user)


def sits_on_committees(user: Any) -> bool:
    """Whether the user has to do with the committee of some alliance."""
    access = access_of(user)
    return any(access.alliances_with(permission) for permission in COMMITTEE)


def sees_votes(user: Any, application: Application) -> bool:
    """Whether the user sees who voted how: the committee and its conveners."""
    scope = {"alliance_id": application.alliance_id}
    return any(has_permission(user, permission, **scope) for permission in COMMITTEE)


def may_move(user: Any, move: Move, application: Application) -> bool:
    """Whether this is the user's move, whatever the state."""
    row = TRANSITIONS[move]
    if row.side == Side.APPLICANT:
        return may_apply(user) and user.practitioner_id == application.practitioner_id
    return has_permission(user, row.permission, alliance_id=application.alliance_id)


def acts_on(user: Any, application: Application, *, may_vote: bool) -> frozenset[Act]:
    """What the user may do about an application now; `may_vote` where they sit and are free to."""
    moves = {move for move in open_moves(application.status) if may_move(user, move, application)}
    acts = {
        act
        for act, needed in {
            Act.TAKE_UP: Move.TAKE_UP,
            Act.DECIDE: Move.GRANT,
            Act.WITHDRAW: Move.WITHDRAW,
        }.items()
        if needed in moves
    }
    if may_vote and application.status == Status.IN_COMMITTEE:
        acts |= {Act.VOTE, Act.DECLARE}
    return frozenset(acts)


def may_convene(user: Any, committee: Committee) -> bool:
    """Whether the user arranges this committee: its members, its meetings."""
    return has_permission(user, Permission.PRIVILEGE_MANAGE, alliance_id=committee.alliance_id)


def alliances_to_convene(user: Any) -> list[int]:
    """Ids of the alliances whose committee the user arranges."""
    return access_of(user).alliances_with(Permission.PRIVILEGE_MANAGE)


def insist(allowed: Any) -> None:
    """Raise PermissionDenied unless allowed."""
    if not allowed:
        raise PermissionDenied
