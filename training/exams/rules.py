"""Rules of exams: facts in, answers out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from .choices import Metric, QuestionKind, Standing

Paper = Sequence[Mapping[str, Any]]
Answers = Mapping[str, Sequence[int]]

LETTERS = "ABCDEFGH"
JUDGEMENTS = 2
_WHOLE = 100


# --- Questions ----------------------------------------------------------------------------------


def options_of(kind: str, options: Sequence[str]) -> int:
    """How many options a question offers; right and wrong are not written out."""
    return JUDGEMENTS if kind == QuestionKind.JUDGEMENT else len(options)


def question_errors(
    *, kind: str, text: str, options: Sequence[str], answer: Sequence[int]
) -> dict[str, str]:
    """What is wrong with a question, by field."""
    errors = {}
    if not text.strip():
        errors["text"] = _("Write the question.")
    if wrong := _option_error(kind, options):
        errors["options"] = wrong
    elif wrong := _answer_error(kind, answer, options_of(kind, options)):
        errors["answer"] = wrong
    return errors


def _option_error(kind: str, options: Sequence[str]) -> str:
    if kind == QuestionKind.JUDGEMENT:
        return _("Right or wrong needs no options; leave them empty.") if options else ""
    if not JUDGEMENTS <= len(options) <= len(LETTERS):
        return _("Give two to eight options.")
    if len(set(options)) < len(options):
        return _("Two options are the same.")
    return ""


def _answer_error(kind: str, answer: Sequence[int], offered: int) -> str:
    if not answer or any(one not in range(offered) for one in answer):
        return _("Name the right options by their letters, such as B.")
    if kind != QuestionKind.MULTIPLE and len(answer) > 1:
        return _("Only one answer can be right here.")
    if kind == QuestionKind.MULTIPLE and len(answer) < JUDGEMENTS:
        return _("Several answers must be right; else ask for one answer.")
    return ""


def letters(answer: Iterable[int]) -> str:
    """Options by their letters: [0, 2] is AC."""
    return "".join(LETTERS[one] for one in sorted(answer))


def numbers(text: str) -> list[int]:
    """Letters as options: “A, C” is [0, 2]; raises ValueError for anything else."""
    marks = [mark for mark in text.upper() if mark not in " ,;，；、"]
    return sorted({LETTERS.index(mark) for mark in marks})


# --- Sitting an exam ----------------------------------------------------------------------------


def cleaned(paper: Paper, answers: Answers) -> dict[str, list[int]]:
    """What of these answers fits the paper: known questions, offered options, one where one is asked."""
    kept = {}
    for place, question in enumerate(paper):
        offered = range(options_of(question["kind"], question["options"]))
        chosen = sorted({one for one in answers.get(str(place), ()) if one in offered})
        if question["kind"] != QuestionKind.MULTIPLE:
            chosen = chosen[:1]
        if chosen:
            kept[str(place)] = chosen
    return kept


def unanswered(paper: Paper, answers: Answers) -> list[int]:
    """Numbers, from 1, of the questions without an answer."""
    return [place + 1 for place in range(len(paper)) if not answers.get(str(place))]


def is_right(question: Mapping[str, Any], chosen: Sequence[int]) -> bool:
    """Whether exactly the right options were chosen."""
    return sorted(chosen) == sorted(question["answer"])


@dataclass(frozen=True, slots=True)
class Marks:
    """What an attempt is worth."""

    right: int
    total: int
    score: int
    passed: bool


def mark(paper: Paper, answers: Answers, *, pass_mark: int) -> Marks:
    """Mark a paper: every question counts the same; the score is rounded down, never up to a pass."""
    right = sum(
        is_right(question, answers.get(str(place), ())) for place, question in enumerate(paper)
    )
    total = len(paper)
    return Marks(right, total, _WHOLE * right // total, _WHOLE * right >= pass_mark * total)


def due_at(start: datetime, minutes: int) -> datetime:
    """When the time of an attempt that starts now is over."""
    return start + timedelta(minutes=minutes)


def is_late(due: datetime, now: datetime, *, grace_seconds: int) -> bool:
    """Whether something came after the time, allowing for a slow line."""
    return now > due + timedelta(seconds=grace_seconds)


@dataclass(frozen=True, slots=True)
class Record:
    """What one practitioner has done about one exam."""

    attempts: int
    has_open: bool
    passed_on: date | None
    last_on: date | None
    extra: int = 0


@dataclass(frozen=True, slots=True)
class Terms:
    """What an exam allows."""

    is_online: bool
    attempts_allowed: int
    wait_days: int


def again_on(terms: Terms, record: Record) -> date | None:
    """The first day of another attempt after the last one; None before the first."""
    return None if record.last_on is None else record.last_on + timedelta(days=terms.wait_days)


def attempts_left(terms: Terms, record: Record) -> int:
    """How often the exam may still be tried."""
    return max(0, terms.attempts_allowed + record.extra - record.attempts)


def standing(terms: Terms, record: Record, *, on: date) -> Standing:
    """Where somebody stands with an exam on a date."""
    if record.passed_on is not None:
        return Standing.PASSED
    if record.has_open:
        return Standing.OPEN
    if not terms.is_online:
        return Standing.IN_PERSON
    if not attempts_left(terms, record):
        return Standing.USED_UP
    again = again_on(terms, record)
    return Standing.WAITING if again is not None and on < again else Standing.MAY_START


def exam_errors(
    *, is_online: bool, is_practical: bool, draw_count: int, minutes: int, available: int
) -> dict[str, str]:
    """What is wrong with the terms of an exam, by field."""
    if not is_online:
        return {}
    errors = {}
    if is_practical:
        errors["bank"] = _("This kind of exam is held in person; leave the bank empty.")
    if draw_count < 1:
        errors["draw_count"] = _("Say how many questions are drawn.")
    elif draw_count > available:
        message = _("The bank has only %(n)d questions in use.")
        errors["draw_count"] = message % {"n": available}
    if minutes < 1:
        errors["minutes"] = _("Say how long the exam lasts.")
    return errors


# --- Quarters -----------------------------------------------------------------------------------

_MONTHS_A_QUARTER = 3
_LAST_QUARTER = 4


def quarter_of(day: date) -> tuple[int, int]:
    """Year and quarter of a day."""
    return day.year, (day.month - 1) // _MONTHS_A_QUARTER + 1


def quarter_period(year: int, quarter: int) -> tuple[date, date]:
    """The half-open period of a quarter."""
    first = date(year, (quarter - 1) * _MONTHS_A_QUARTER + 1, 1)
    if quarter == _LAST_QUARTER:
        return first, date(year + 1, 1, 1)
    return first, date(year, quarter * _MONTHS_A_QUARTER + 1, 1)


def quarter_due(on: date, *, days: int) -> tuple[int, int]:
    """The quarter whose skills exam is asked for on a day: this one near its end, else the last."""
    year, quarter = quarter_of(on)
    first, after = quarter_period(year, quarter)
    if on >= after - timedelta(days=days):
        return year, quarter
    return quarter_of(first - timedelta(days=1))


# --- Stations -----------------------------------------------------------------------------------


def reaches(metric: str, value: Decimal, threshold: Decimal) -> bool:
    """Whether one result reaches its station's threshold; of what is counted each one counts."""
    if metric == Metric.SECONDS:
        return value <= threshold
    return metric == Metric.COUNT or value >= threshold


@dataclass(frozen=True, slots=True)
class StationFact:
    """How often somebody was at a station (or did what it counts), and since when it is passed."""

    count: int
    passed_on: date | None


def station_fact(
    metric: str, threshold: Decimal, results: Iterable[tuple[date, Decimal, bool]]
) -> StationFact:
    """What results (day, value, passed), in the order of their days, say together."""
    count, passed_on = 0, None
    for day, value, passed in results:
        count += int(value) if metric == Metric.COUNT else 1
        enough = count >= threshold if metric == Metric.COUNT else passed
        if enough and passed_on is None:
            passed_on = day
    return StationFact(count, passed_on)


def value_error(metric: str, value: Decimal) -> str:
    """What is wrong with a measured value."""
    if value <= 0:
        return _("Enter a number above zero.")
    if metric == Metric.SCORE and value > _WHOLE:
        return _("A score is at most 100.")
    if metric == Metric.COUNT and value != int(value):
        return _("Enter a whole number.")
    return ""
