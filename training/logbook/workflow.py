"""The moves of a logbook entry as one table; pure."""

from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from alliance.core.errors import TransitionNotAllowed

from .choices import Act, CaseStatus


@dataclass(frozen=True, slots=True)
class Transition:
    """From where an act leads where, and whether it must say why."""

    sources: frozenset[CaseStatus]
    target: CaseStatus
    needs_reason: bool = False


def _t(*sources: CaseStatus, to: CaseStatus, needs_reason: bool = False) -> Transition:
    return Transition(frozenset(sources), to, needs_reason)


_S = CaseStatus
TRANSITIONS: Final[dict[Act, Transition]] = {
    Act.CORRECT: _t(_S.RECORDED, _S.REJECTED, to=_S.RECORDED),
    Act.CONFIRM: _t(_S.RECORDED, to=_S.CONFIRMED),
    Act.REJECT: _t(_S.RECORDED, to=_S.REJECTED, needs_reason=True),
    Act.AMEND: _t(_S.CONFIRMED, to=_S.CONFIRMED, needs_reason=True),
    Act.VOID: _t(_S.RECORDED, _S.REJECTED, _S.CONFIRMED, to=_S.VOID, needs_reason=True),
}


def next_status(status: str, act: Act) -> CaseStatus:
    """Where `act` leads from a status; TransitionNotAllowed where it cannot be done."""
    rule = TRANSITIONS[act]
    if status not in rule.sources:
        message = _("This case is %(status)s: the act “%(act)s” is no longer possible.")
        label = CaseStatus(status).label
        raise TransitionNotAllowed(
            "case_transition", message % {"status": label, "act": act.label}, status=str(status)
        )
    return rule.target


def open_acts(status: str) -> list[Act]:
    """What may be done with an entry in this status, by anybody at all."""
    return [act for act, rule in TRANSITIONS.items() if status in rule.sources]
