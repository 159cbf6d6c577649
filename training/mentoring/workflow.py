"""The machines of mentorships and postings as tables; pure."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from alliance.core.errors import TransitionNotAllowed

from .choices import MentorshipMove, MentorshipStatus, PostingMove, PostingStatus


@dataclass(frozen=True, slots=True)
class Transition:
    """From which states a move leads where, and whether it asks for a reason."""

    sources: frozenset[str]
    target: str
    needs_reason: bool = False


MENTORSHIPS: dict[str, Transition] = {
    MentorshipMove.AGREE: Transition(
        frozenset({MentorshipStatus.PROPOSED}), MentorshipStatus.AGREED
    ),
    MentorshipMove.DECLINE: Transition(
        frozenset({MentorshipStatus.PROPOSED}), MentorshipStatus.DECLINED, needs_reason=True
    ),
    MentorshipMove.END: Transition(
        frozenset({MentorshipStatus.AGREED}), MentorshipStatus.ENDED, needs_reason=True
    ),
}
POSTINGS: dict[str, Transition] = {
    PostingMove.START: Transition(frozenset({PostingStatus.PLANNED}), PostingStatus.RUNNING),
    PostingMove.FINISH: Transition(frozenset({PostingStatus.RUNNING}), PostingStatus.DONE),
    PostingMove.CANCEL: Transition(
        frozenset({PostingStatus.PLANNED}), PostingStatus.CANCELLED, needs_reason=True
    ),
}


def next_mentorship(status: str, move: str) -> str:
    """Where a move leads; raises TransitionNotAllowed where it does not exist."""
    return _next(MENTORSHIPS, status, move, MentorshipStatus(status).label)


def next_posting(status: str, move: str) -> str:
    """Where a move leads; raises TransitionNotAllowed where it does not exist."""
    return _next(POSTINGS, status, move, PostingStatus(status).label)


def _next(table: dict[str, Transition], status: str, move: str, label: object) -> str:
    rule = table[move]
    if status not in rule.sources:
        words = _("This is no longer possible: it stands at “%(status)s”.")
        raise TransitionNotAllowed("wrong_state", words % {"status": label}, status=status)
    return rule.target


def moves_from(table: dict[str, Transition], status: str) -> list[str]:
    """The moves that a state allows."""
    return [move for move, rule in table.items() if status in rule.sources]
