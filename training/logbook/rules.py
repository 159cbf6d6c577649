"""Rules about logbook entries: facts in, refusals out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.utils.translation import gettext as _

from .choices import CaseRole, ClavienDindo, Outcome, ReviewCause, ReviewDecision

Errors = dict[str, str]


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """What has to be known about an entry before it may stand.

    `supervisor_privileged` None: there is nobody to ask about. A `is_prior` case is older than the
    logbook: no privileges were kept then, and it may be as old as it is.
    """

    on: date
    performed_on: date
    days_late_most: int
    practice_started_on: date
    operator_absent: bool = False
    supervisor_absent: bool = False
    supervisor_privileged: bool | None = None
    is_prior: bool = False


def case_errors(facts: CaseFacts) -> Errors:
    """Why an entry cannot stand, by field; each sentence says what to do instead."""
    errors = _day_errors(facts)
    if "performed_on" not in errors and facts.operator_absent:
        errors["performed_on"] = _(
            "The operator was absent from work that day. Put the date right, or the absence."
        )
    if facts.supervisor_absent:
        errors["supervisor"] = _(
            "The supervisor was absent from work that day. Choose who really supervised."
        )
    elif facts.supervisor_privileged is False and not facts.is_prior:
        errors["supervisor"] = _(
            "On that day the supervisor had no privilege to do this independently. Choose somebody"
            " who had."
        )
    return errors


def _day_errors(facts: CaseFacts) -> Errors:
    if facts.performed_on > facts.on:
        return {"performed_on": _("This day has not come yet.")}
    if facts.performed_on < facts.practice_started_on:
        return {"performed_on": _("The operator was not yet in practice then.")}
    earliest = facts.on - timedelta(days=facts.days_late_most)
    if facts.performed_on < earliest and not facts.is_prior:
        message = _(
            "Operations are entered within %(days)s days. Bring older ones in from Excel, marked as"
            " from before this logbook."
        )
        return {"performed_on": message % {"days": facts.days_late_most}}
    return {}


@dataclass(frozen=True, slots=True)
class Shape:
    """What an entry says, as far as its parts have to fit together."""

    role: str
    operator_id: int | None
    supervisor_id: int | None
    outcome: str
    grade: str
    is_named: bool


def shape_errors(shape: Shape) -> Errors:
    """Where the parts of an entry do not fit together, by field."""
    errors = {}
    if shape.supervisor_id is None and shape.role != CaseRole.INDEPENDENT:
        errors["supervisor"] = _("Say who supervised the operation.")
    elif shape.supervisor_id is not None and shape.supervisor_id == shape.operator_id:
        errors["supervisor"] = _("Nobody supervises their own operation.")
    is_graded = shape.grade not in ("", ClavienDindo.V)
    if shape.outcome == Outcome.COMPLICATION and not is_graded:
        errors["clavien_dindo"] = _("Give the grade of the complication.")
    elif shape.outcome == Outcome.GOOD and shape.grade:
        errors["clavien_dindo"] = _("There is a grade, but no complication.")
    if not shape.is_named:
        errors["external_case_number"] = _("Choose the patient, or enter the hospital case number.")
    return errors


@dataclass(frozen=True, slots=True)
class Scale:
    """A rating scale as the rules see it: its item codes, and the marks it knows."""

    items: Sequence[str]
    lowest: int
    highest: int


def rating_errors(scale: Scale, ratings: Mapping[str, Any]) -> Errors:
    """What is wrong with a mentor's marks: every item has one, and none beyond the scale."""
    marks = {code: ratings.get(code) for code in scale.items}
    missing = [code for code, mark in marks.items() if mark is None]
    wrong = [
        code
        for code, mark in marks.items()
        if mark is not None and not (_is_whole(mark) and scale.lowest <= mark <= scale.highest)
    ]
    if set(ratings) - set(scale.items):
        return {"ratings": _("There is a mark for something that this scale does not rate.")}
    if wrong:
        message = _("Marks go from %(low)s to %(high)s.")
        return {"ratings": message % {"low": scale.lowest, "high": scale.highest}}
    if missing:
        return {"ratings": _("Rate every item of the scale, or none.")}
    return {}


def _is_whole(mark: Any) -> bool:
    return isinstance(mark, int) and not isinstance(mark, bool)


def mean(marks: Sequence[int]) -> Decimal:
    """The mean of marks to two places, halves upward."""
    exact = Decimal(sum(marks)) / Decimal(len(marks))
    return exact.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)


# What may be decided about which signal.
DECISIONS: Mapping[str, tuple[ReviewDecision, ...]] = {
    ReviewCause.COMPETENCE: (ReviewDecision.WELL, ReviewDecision.NOT_YET),
    ReviewCause.LOSS: (ReviewDecision.WELL, ReviewDecision.LEARN),
}


def decision_errors(*, cause: str, decision: str, note: str) -> Errors:
    """What is wrong with a decision about a signal."""
    errors = {}
    if decision not in DECISIONS[cause]:
        errors["decision"] = _("Choose one of the decisions offered.")
    if not note.strip():
        errors["note"] = _("Say what you looked at and why you decide so.")
    return errors
