"""What the pages of admissions show, put into words and rows."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from alliance.catalogue import wording
from alliance.catalogue.selectors import requirements

from . import policies, selectors
from .choices import Move, Standing, Status, StopCondition
from .forms import FORMS
from .models import Admission, AdmissionAnswer, AdmissionSuspension

_TONES = {
    Status.DRAFT: "neutral",
    Status.SUBMITTED: "info",
    Status.RETURNED: "warn",
    Status.REFUSED: "bad",
    Status.WITHDRAWN: "neutral",
}
_STANDING_TONES = {
    Standing.IN_FORCE: "good",
    Standing.SUSPENDED: "bad",
    Standing.NOT_YET: "info",
    Standing.EXPIRED: "neutral",
}


@dataclass(frozen=True)
class Row:
    """An admission as a list shows it."""

    admission: Admission
    label: str
    tone: str
    note: str
    late: bool
    stopped: AdmissionSuspension | None = None

    @property
    def why_stopped(self) -> list[str]:
        """Why it is suspended and since when."""
        if self.stopped is None:
            return []
        since = date_format(self.stopped.valid_from, "DATE_FORMAT")
        return [self.stopped.reason, _("since %(day)s") % {"day": since}]


def standing_of(row: Admission, stop: AdmissionSuspension | None, on: date) -> Standing | None:
    """How a granted admission stands on a day; None for what was never granted or is undone."""
    if row.status != Status.ADMITTED or row.valid_from is None:
        return None
    if row.valid_from > on:
        return Standing.NOT_YET
    if row.valid_until is not None and row.valid_until <= on:
        return Standing.EXPIRED
    return Standing.SUSPENDED if stop else Standing.IN_FORCE


def rows(found: Iterable[Admission], *, on: date) -> list[Row]:
    """Admissions with how they stand today; one query for their suspensions."""
    admissions = list(found)
    stops = selectors.standings(admissions, on=on)
    return [row(one, stops.get(one.pk), on) for one in admissions]


def row(admission: Admission, stop: AdmissionSuspension | None, on: date) -> Row:
    """One admission in words."""
    standing = standing_of(admission, stop, on)
    label = standing.label if standing else Status(admission.status).label
    tone = _STANDING_TONES[standing] if standing else _TONES[Status(admission.status)]
    owed = admission.filing_due is not None and admission.filed_on is None
    late = owed and admission.filing_due is not None and admission.filing_due < on
    note = ""
    if owed and admission.filing_due is not None:
        note = _("file by %(day)s") % {"day": date_format(admission.filing_due, "DATE_FORMAT")}
    elif admission.valid_until and standing:
        until = date_format(admission.valid_until, "DATE_FORMAT")
        note = _("until %(day)s") % {"day": until}
    shown = stop if standing == Standing.SUSPENDED else None
    return Row(admission, str(label), tone, note, late, shown)


def answer_rows(answers: Iterable[AdmissionAnswer]) -> list[dict[str, Any]]:
    """Each requirement in words with what was said about it."""
    found = list(answers)
    names = wording.specialty_names(one.topic for one in found)
    return [
        {
            "answer": one,
            "words": wording.words_of(one.kind, one.topic, one.minimum, one.unit, names),
        }
        for one in found
    ]


def facts(admission: Admission) -> list[dict[str, Any]]:
    """The admission's facts, those that there are."""
    technique = admission.technique
    given = [
        (_("Institution"), admission.institution.name),
        (_("Technique"), f"{technique.name} {technique.code}"),
        (_("Restricted"), _("yes") if technique.is_restricted else ""),
        (_("Submitted"), _day(admission.submitted_at)),
        (_("Counts from"), _day(admission.valid_from)),
        (_("Until"), _day(admission.valid_until)),
        (_("Conditions"), admission.conditions),
        (_("First used on"), _day(admission.first_used_on)),
        (_("File by"), _day(admission.filing_due)),
        (_("Filed on"), _day(admission.filed_on)),
        (_("Filing number"), admission.filing_number),
        (_("Statement"), admission.statement),
    ]
    return [{"label": label, "value": value} for label, value in given if value]


def _day(value: Any) -> str:
    return date_format(value, "DATE_FORMAT") if value else ""


_NOTED = ("valid_from", "valid_until", "first_used_on", "filing_due", "filed_on")


def timeline(admission: Admission) -> list[dict[str, Any]]:
    """What happened, oldest first."""
    return [
        {
            "at": event.at,
            "who": event.by.name,
            "what": Move(event.move).label,
            "note": _note(event.data),
            "quote": event.reason,
            "tone": _MOVE_TONES.get(Move(event.move), ""),
        }
        for event in admission.events.select_related("by").order_by("pk")
    ]


_MOVE_TONES = {
    Move.ADMIT: "good",
    Move.RESTORE: "good",
    Move.RETURN: "warn",
    Move.SUSPEND: "bad",
    Move.REFUSE: "bad",
    Move.WITHDRAW: "bad",
}


def _note(data: dict[str, Any]) -> str:
    """The days and the stop condition of an event in a line."""
    parts = []
    if "stop_condition" in data:
        parts.append(str(StopCondition(data["stop_condition"]).label))
    days = [date.fromisoformat(data[name]) for name in _NOTED if name in data]
    parts += [_day(day) for day in days]
    return " · ".join(parts)


def acts(user: Any, admission: Admission, *, on: date, tried: Any = None) -> list[dict[str, Any]]:
    """The moves that the user may make, each with its form; `tried` came back with errors."""
    open_ = policies.moves_open(user, admission)
    months = selectors.suggested_months(admission, on=on) if Move.ADMIT in open_ else 0
    suspended = selectors.is_suspended(admission, on=on)
    return [
        {
            "move": move,
            "form": tried
            if isinstance(tried, form) and tried.prefix == move.value
            else form(initial={"version": admission.version}, months=months, prefix=move.value),
            "danger": move in _DANGEROUS,
            "tried": getattr(tried, "prefix", "") == move.value,
        }
        for move, form in FORMS.items()
        if move in open_ and _fits(move, admission, suspended)
    ]


_DANGEROUS = frozenset({Move.REFUSE, Move.RETURN, Move.WITHDRAW, Move.SUSPEND, Move.TAKE_BACK})


def _fits(move: Move, admission: Admission, suspended: bool) -> bool:
    """Whether a move makes sense as things stand; the action asks again.

    An application is submitted together with its answers, by their own form.
    """
    if move == Move.SUBMIT:
        return False
    if move == Move.RESTORE:
        return suspended
    if move == Move.SUSPEND:
        return not suspended
    if move == Move.FIRST_USE:
        return admission.first_used_on is None
    if move == Move.FILE:
        return admission.filing_due is not None and admission.filed_on is None
    return True


def asked(technique: Any, *, institution: Any, alliance_id: int, on: date) -> dict[str, Any]:
    """What a technique asks of an institution, and how it stands there: before applying."""
    found = requirements([technique.pk], on=on, alliance_id=alliance_id).get(technique.pk)
    state = selectors.admission_state(
        institution_id=institution.pk, technique_id=technique.pk, alliance_id=alliance_id, on=on
    )
    return {
        "technique": technique,
        "asked": found,
        "lines": wording.lines(found.institution) if found else [],
        "operator": wording.lines(found.operator) if found else [],
        "state": state,
        "fits_tier": found is not None and found.allows(institution.tier),
    }
