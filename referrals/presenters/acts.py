"""Which of the open moves is the next act, what it is called here, and how it is offered."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from alliance.core.access import has_permission
from alliance.core.choices import Permission

from ..choices import Move, Status
from ..models import Referral
from ..policies import open_moves

# What the side whose turn it is does next; the first that is open counts.
_NEXT: dict[str, tuple[Move, ...]] = {
    Status.DRAFT: (Move.SUBMIT,),
    Status.ORIGIN_REVIEW: (Move.ENDORSE,),
    Status.PENDING: (Move.ACCEPT,),
    Status.INFO_REQUESTED: (Move.ANSWER,),
    Status.RETURNED: (Move.RESUBMIT,),
    Status.ACCEPTED: (Move.RESERVE, Move.DEPART),
    Status.RESERVED: (Move.ARRIVE, Move.DEPART),
    Status.IN_TRANSIT: (Move.ARRIVE,),
    Status.NO_SHOW: (Move.REBOOK,),
    Status.ARRIVED: (Move.START_CARE,),
    Status.IN_CARE: (Move.FINISH_CARE,),
    Status.CARE_DONE: (Move.REFER_BACK, Move.CLOSE),
}
# Acts of one tap: nothing has to be typed and nothing has to be read first.
_ONE_TAP = frozenset({Move.ENDORSE, Move.ACCEPT, Move.ARRIVE, Move.START_CARE})
_ONE_TAP_IN_ROWS = frozenset({Move.ARRIVE, Move.START_CARE})
# Acts that are decided on the referral's own page, after reading it.
READ_FIRST = frozenset({Move.ENDORSE, Move.ACCEPT})
# Nothing that ends a leg is offered beside the acts that carry it on.
DESTRUCTIVE = frozenset({Move.REJECT, Move.CANCEL, Move.MARK_DECEASED, Move.MARK_ERROR})
# Acts that no desk makes while it works through its tray; the whole referral offers them.
RARE = frozenset({Move.MARK_DECEASED, Move.MARK_ERROR})
# Acts behind "More": nobody looks for them every day, and a slip of the finger would be grave.
_TUCKED = RARE | {Move.CANCEL}
_ORDER = {move: place for place, move in enumerate(Move)}
_HOTKEYS = {
    Move.ACCEPT: "a",
    Move.ENDORSE: "a",
    Move.ASK: "q",
    Move.RETURN: "r",
    Move.REDIRECT: "d",
    Move.REJECT: "x",
}
_ICONS = {
    Move.ACCEPT: "check",
    Move.ASK: "message",
    Move.ANSWER: "message",
    Move.RESERVE: "calendar",
    Move.DEPART: "truck",
    Move.REFER_BACK: "heart",
}


@dataclass(frozen=True)
class Act:
    """One move as a button: `one_tap` posts at once, others open their form at `url`.

    `apart` stands before the first act that ends the leg; `tucked` acts are behind "More".
    """

    move: str
    label: Any
    url: str
    primary: bool = False
    danger: bool = False
    apart: bool = False
    tucked: bool = False
    one_tap: bool = False
    hotkey: str = ""
    icon: str = ""


def next_move(leg: Referral, moves: Sequence[str]) -> str:
    """The move that carries this leg on, out of those open to the reader; empty when they wait."""
    if leg.paperwork_due_at and Move.ANSWER in moves:
        return Move.ANSWER
    wanted = _NEXT.get(leg.status, ())
    if leg.is_back_leg and leg.status in (Status.IN_CARE, Status.CARE_DONE):
        wanted = _follow_up_or_close(leg)
    elif leg.is_back_leg and leg.status == Status.ACCEPTED:  # nobody books a way home
        wanted = (Move.ARRIVE,)
    return next((move for move in wanted if move in moves), "")


def _follow_up_or_close(leg: Referral) -> tuple[Move, ...]:
    """A patient who came home is followed up, and again while another visit is planned."""
    if leg.followed_up_at and leg.next_follow_up_on is None:
        return (Move.CLOSE, Move.FOLLOW_UP)
    return (Move.FOLLOW_UP,)


def name_of(leg: Referral, move: str) -> Any:
    """What a move is called on this leg."""
    if move == Move.SUBMIT:
        return _("Go on writing")
    if move == Move.ACCEPT and leg.is_back_leg:
        return _("Take back")
    if move == Move.ANSWER and leg.status != Status.INFO_REQUESTED:
        return _("Hand in paperwork")
    return Move(move).label


def act_of(leg: Referral, move: str, *, primary: bool = False) -> Act:
    """A move as a button on the leg's own page."""
    return Act(
        move=move,
        label=name_of(leg, move),
        url=address(leg, move),
        primary=primary,
        danger=move in DESTRUCTIVE,
        tucked=move in _TUCKED,
        one_tap=primary and move in _ONE_TAP,
        hotkey=_HOTKEYS.get(Move(move), ""),
        icon=_ICONS.get(Move(move), ""),
    )


def address(leg: Referral, move: str) -> str:
    """Where a move is made; a draft is finished in its form."""
    if move == Move.SUBMIT:
        return reverse("referrals:draft", args=[leg.public_id])
    return reverse("referrals:move", args=[leg.public_id, Move(move)])


def acts_for(user: Any, leg: Referral, *, onward: str = "") -> list[Act]:
    """Every move open to this person: the next act first, what ends the leg last.

    `onward` is where the reader goes on after the act.
    """
    moves = open_moves(user, leg)
    first = next_move(leg, moves)
    rest = sorted(
        (Move(move) for move in moves if move != first),
        key=lambda move: (move in DESTRUCTIVE, _ORDER[move]),
    )
    acts = [act_of(leg, first, primary=True)] if first else []
    acts += [act_of(leg, move) for move in rest]
    danger = next((act for act in acts if act.danger and not act.tucked), None)
    query = f"?{urlencode({'next': onward})}" if onward else ""
    return [
        replace(act, apart=act is danger, url=act.url if act.one_tap else act.url + query)
        for act in acts
    ]


def row_act(user: Any, leg: Referral, *, institution_id: int | None = None) -> Act | None:
    """The one act of a row: the next move of its reader, or None while others have to act.

    It is primary where the clock runs against the reader's institution.
    """
    move = next_move(leg, open_moves(user, leg))
    if not move:
        return _elsewhere(user, leg, institution_id)
    url = leg.get_absolute_url() if move in READ_FIRST else address(leg, move)
    return Act(
        move=move,
        label=name_of(leg, move),
        url=url,
        primary=institution_id is not None and leg.holder_id == institution_id,
        one_tap=move in _ONE_TAP_IN_ROWS,
        icon=_ICONS.get(Move(move), ""),
    )


def _elsewhere(user: Any, leg: Referral, institution_id: int | None) -> Act | None:
    """A patient who was refused needs another place; one on the way back is taken over there."""
    if leg.status == Status.BACK_REFERRED and leg.holder_id == institution_id:
        return Act(move="", label=_("See the way back"), url=leg.get_absolute_url())
    mine = has_permission(user, Permission.REFERRAL_SEND, institution_id=leg.sender_id)
    if leg.status != Status.REJECTED or leg.is_back_leg or not mine:
        return None
    url = f"{leg.get_absolute_url()}#ways"
    return Act(move="", label=_("Choose another place"), url=url)
