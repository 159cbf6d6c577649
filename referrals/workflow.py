"""The referral machine as one table: every move with its side, permission, guard and data.

Pages, API, policy, documentation and tests read this table; nothing else knows a transition.
Pure: no database, request or clock.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from alliance.core.choices import Permission
from alliance.core.errors import TransitionNotAllowed

from .choices import Move, Side, Status

S, M, P = Status, Move, Permission


@dataclass(frozen=True)
class Guard:
    """A named condition on the facts of a leg; `code` is what a refusal carries."""

    code: str
    fact: str
    expected: bool = True


IS_BACK_LEG = Guard("only_back_leg", "is_back_leg")
NOT_BACK_LEG = Guard("not_on_back_leg", "is_back_leg", expected=False)
FOLLOWED_UP = Guard("follow_up_missing", "followed_up")
OWES_PAPERWORK = Guard("no_paperwork_owed", "owes_paperwork")


@dataclass(frozen=True)
class Transition:
    """One row: from any of `sources`, `side` holding `permission` may move to `target`.

    `required` and `optional` name the data of the move (see forms.FIELDS). `reviewed_target` is
    where submissions go when the sender's office reviews them first. A target of None keeps
    the state.
    """

    move: Move
    sources: frozenset[Status]
    target: Status | None
    side: Side
    permission: Permission
    required: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    guards: tuple[Guard, ...] = ()
    reviewed_target: Status | None = None


def _t(
    move: Move,
    sources: Iterable[Status],
    target: Status | None,
    side: Side,
    permission: Permission,
    *,
    needs: tuple[str, ...] = (),
    takes: tuple[str, ...] = (),
    guards: tuple[Guard, ...] = (),
    reviewed: Status | None = None,
) -> Transition:
    return Transition(
        move, frozenset(sources), target, side, permission, needs, takes, guards, reviewed
    )


BEFORE_DECISION: Final = (S.PENDING, S.INFO_REQUESTED)
BEFORE_ARRIVAL: Final = (S.ACCEPTED, S.RESERVED, S.IN_TRANSIT, S.NO_SHOW)
WITH_RECEIVER: Final = (S.ARRIVED, S.IN_CARE, S.CARE_DONE)
# Data whose changes stand in the event, not the whole of it.
STRUCTURED: Final = frozenset({"paperwork", "correction", "consent"})
_REASON = ("reason_code",)
_TEXT = ("reason",)
_QUESTION = ("question",)

TRANSITIONS: Final[tuple[Transition, ...]] = (
    _t(
        M.SUBMIT,
        [S.DRAFT],
        S.PENDING,
        Side.SENDER,
        P.REFERRAL_SEND,
        takes=("consent",),
        reviewed=S.ORIGIN_REVIEW,
    ),
    _t(M.ENDORSE, [S.ORIGIN_REVIEW], S.PENDING, Side.SENDER, P.REFERRAL_ENDORSE, takes=_TEXT),
    _t(
        M.RETURN,
        [S.ORIGIN_REVIEW],
        S.RETURNED,
        Side.SENDER,
        P.REFERRAL_ENDORSE,
        needs=_REASON,
        takes=_TEXT,
    ),
    _t(
        M.RETURN,
        [S.PENDING, S.INFO_REQUESTED],
        S.RETURNED,
        Side.RECEIVER,
        P.REFERRAL_RECEIVE,
        needs=_REASON,
        takes=_TEXT,
    ),
    _t(M.ASK, [S.PENDING], S.INFO_REQUESTED, Side.RECEIVER, P.REFERRAL_RECEIVE, needs=_QUESTION),
    _t(
        M.ANSWER,
        [S.INFO_REQUESTED],
        S.PENDING,
        Side.SENDER,
        P.REFERRAL_SEND,
        needs=("answer",),
        takes=("paperwork",),
    ),
    # 先救后补: an emergency taken before its paperwork gets it later, without changing state.
    _t(
        M.ANSWER,
        [S.PENDING, *BEFORE_ARRIVAL, *WITH_RECEIVER],
        None,
        Side.SENDER,
        P.REFERRAL_SEND,
        takes=("paperwork", "answer"),
        guards=(OWES_PAPERWORK,),
    ),
    _t(
        M.RESUBMIT,
        [S.RETURNED],
        S.PENDING,
        Side.SENDER,
        P.REFERRAL_SEND,
        takes=("correction", "reason"),
        reviewed=S.ORIGIN_REVIEW,
    ),
    _t(
        M.ACCEPT,
        BEFORE_DECISION,
        S.ACCEPTED,
        Side.RECEIVER,
        P.REFERRAL_RECEIVE,
        takes=("department", "practitioner", "note"),
        guards=(NOT_BACK_LEG,),
    ),
    # Whoever cares for patients at home takes back those who come home.
    _t(
        M.ACCEPT,
        BEFORE_DECISION,
        S.ACCEPTED,
        Side.RECEIVER,
        P.REFERRAL_CARE,
        takes=("department", "practitioner", "note"),
        guards=(IS_BACK_LEG,),
    ),
    _t(
        M.REJECT,
        BEFORE_DECISION,
        S.REJECTED,
        Side.RECEIVER,
        P.REFERRAL_RECEIVE,
        needs=_REASON,
        takes=_TEXT,
    ),
    _t(
        M.REDIRECT,
        [*BEFORE_DECISION, S.ACCEPTED],
        S.REDIRECTED,
        Side.RECEIVER,
        P.REFERRAL_RECEIVE,
        needs=("receiver", "reason_code"),
        takes=("reason", "department"),
        guards=(NOT_BACK_LEG,),
    ),
    _t(
        M.RESERVE,
        [S.ACCEPTED, S.RESERVED],
        S.RESERVED,
        Side.RECEIVER,
        P.REFERRAL_RECEIVE,
        needs=("at", "place"),
        takes=("note",),
    ),
    _t(
        M.REBOOK,
        [S.NO_SHOW],
        S.RESERVED,
        Side.EITHER,
        P.REFERRAL_SEND,
        needs=("at",),
        takes=("place", "note"),
    ),
    _t(
        M.DEPART,
        [S.ACCEPTED, S.RESERVED],
        S.IN_TRANSIT,
        Side.SENDER,
        P.REFERRAL_SEND,
        needs=("expected_at",),
        takes=("escort", "note"),
    ),
    _t(M.ARRIVE, BEFORE_ARRIVAL, S.ARRIVED, Side.RECEIVER, P.REFERRAL_CARE, takes=("note",)),
    _t(
        M.NO_SHOW,
        [S.ACCEPTED, S.RESERVED, S.IN_TRANSIT],
        S.NO_SHOW,
        Side.RECEIVER,
        P.REFERRAL_RECEIVE,
        takes=("reason_code", "reason"),
    ),
    _t(M.START_CARE, [S.ARRIVED], S.IN_CARE, Side.RECEIVER, P.REFERRAL_CARE, takes=("note",)),
    _t(
        M.FINISH_CARE,
        [S.IN_CARE],
        S.CARE_DONE,
        Side.RECEIVER,
        P.REFERRAL_CARE,
        needs=("outcome", "summary"),
        takes=("diagnosis_result", "inpatient_number", "main_results", "treatment"),
    ),
    _t(
        M.REFER_BACK,
        [S.CARE_DONE],
        S.BACK_REFERRED,
        Side.RECEIVER,
        P.REFERRAL_CARE,
        needs=("receiver", "stability", "plan"),
        takes=(
            "diagnosis_result",
            "inpatient_number",
            "main_results",
            "treatment",
            "department",
            "consent_method",
        ),
        guards=(NOT_BACK_LEG,),
    ),
    _t(
        M.FOLLOW_UP,
        [S.IN_CARE, S.CARE_DONE],
        None,
        Side.RECEIVER,
        P.REFERRAL_CARE,
        needs=("note", "outcome"),
        takes=("next_on",),
        guards=(IS_BACK_LEG,),
    ),
    _t(
        M.CLOSE,
        [S.IN_CARE, S.CARE_DONE],
        S.CLOSED,
        Side.RECEIVER,
        P.REFERRAL_CARE,
        takes=("note",),
        guards=(IS_BACK_LEG, FOLLOWED_UP),
    ),
    _t(
        M.CLOSE,
        [S.CARE_DONE],
        S.CLOSED,
        Side.RECEIVER,
        P.REFERRAL_CARE,
        needs=_REASON,
        takes=_TEXT,
        guards=(NOT_BACK_LEG,),
    ),
    # The way back ended well: the leg above it closes with it. Or it failed: it comes back.
    _t(M.CLOSE, [S.BACK_REFERRED], S.CLOSED, Side.SYSTEM, P.REFERRAL_CARE),
    _t(M.RETURN, [S.BACK_REFERRED], S.CARE_DONE, Side.SYSTEM, P.REFERRAL_CARE, needs=_REASON),
    # A bounce: the patient is referred on from here, so this leg ends with the new one.
    _t(M.CLOSE, WITH_RECEIVER, S.CLOSED, Side.SYSTEM, P.REFERRAL_CARE),
    _t(
        M.CANCEL,
        [S.DRAFT],
        S.CANCELLED,
        Side.SENDER,
        P.REFERRAL_SEND,
        takes=("reason_code", "reason"),
    ),
    _t(
        M.CANCEL,
        [S.ORIGIN_REVIEW, S.RETURNED, *BEFORE_DECISION, *BEFORE_ARRIVAL],
        S.CANCELLED,
        Side.SENDER,
        P.REFERRAL_SEND,
        needs=_REASON,
        takes=_TEXT,
    ),
    _t(
        M.LAPSE,
        [S.RETURNED, *BEFORE_DECISION, S.ACCEPTED, S.RESERVED, S.IN_TRANSIT, S.NO_SHOW],
        S.LAPSED,
        Side.SYSTEM,
        P.REFERRAL_SEND,
        needs=_REASON,
    ),
    _t(
        M.MARK_DECEASED,
        [S.ORIGIN_REVIEW, S.RETURNED, *BEFORE_DECISION, *BEFORE_ARRIVAL, *WITH_RECEIVER],
        S.DECEASED,
        Side.EITHER,
        P.REFERRAL_CARE,
        needs=("at",),
        takes=("reason_code", "reason"),
    ),
    _t(
        M.MARK_ERROR,
        [S.ORIGIN_REVIEW, S.RETURNED, *BEFORE_DECISION, *BEFORE_ARRIVAL, *WITH_RECEIVER],
        S.ENTERED_IN_ERROR,
        Side.SENDER,
        P.REFERRAL_CORRECT,
        needs=("reason",),
        takes=("reason_code",),
    ),
)

FINAL: Final = frozenset(Status) - frozenset().union(*(t.sources for t in TRANSITIONS))
OPEN: Final = frozenset(Status) - FINAL - {S.DRAFT}


@dataclass(frozen=True)
class Facts:
    """What guards ask of a leg."""

    is_back_leg: bool = False
    followed_up: bool = False
    owes_paperwork: bool = False
    needs_review: bool = False

    def holds(self, guard: Guard) -> bool:
        """Whether the leg satisfies `guard`."""
        return bool(getattr(self, guard.fact)) is guard.expected


NO_FACTS: Final = Facts()
GUARD_MESSAGES: Final = {
    "only_back_leg": lambda: _("Only a patient sent back down is followed up here."),
    "not_on_back_leg": lambda: _("This is the way back already."),
    "follow_up_missing": lambda: _("Record a follow-up before closing."),
    "no_paperwork_owed": lambda: _("Nothing is owed on this referral."),
}


def rows_for(move: Move, status: str | None = None, *, system: bool = False) -> list[Transition]:
    """Rows of a move that people (or, with `system`, the platform) may use, from `status` if given."""
    return [
        row
        for row in TRANSITIONS
        if row.move == move
        and (row.side == Side.SYSTEM) is system
        and (status is None or status in row.sources)
    ]


def transition(
    status: str, move: Move, facts: Facts = NO_FACTS, *, system: bool = False
) -> Transition:
    """The row that applies. Raises TransitionNotAllowed when the machine has none."""
    failed: Guard | None = None
    for row in rows_for(move, status, system=system):
        broken = next((guard for guard in row.guards if not facts.holds(guard)), None)
        if broken is None:
            return row
        failed = failed or broken
    if failed is not None:
        raise TransitionNotAllowed(failed.code, GUARD_MESSAGES[failed.code]())
    message = _("A referral that is “%(status)s” cannot do “%(move)s”.")
    raise TransitionNotAllowed(
        "wrong_state",
        message % {"status": Status(status).label, "move": Move(move).label},
        current_status=str(status),
    )


def target_of(row: Transition, status: str, facts: Facts = NO_FACTS) -> Status:
    """Where a row leads: the review when one is asked for, else its target, else where it is."""
    if row.reviewed_target is not None and facts.needs_review:
        return row.reviewed_target
    return row.target or Status(status)


def next_status(
    status: str, move: Move, facts: Facts = NO_FACTS, *, system: bool = False
) -> Status:
    """The state after `move`; raises TransitionNotAllowed."""
    return target_of(transition(status, move, facts, system=system), status, facts)


def open_rows(status: str, facts: Facts = NO_FACTS) -> list[Transition]:
    """All rows that people may use from `status` with their guards satisfied, in table order."""
    return [
        row
        for row in TRANSITIONS
        if row.side != Side.SYSTEM
        and status in row.sources
        and all(facts.holds(guard) for guard in row.guards)
    ]
