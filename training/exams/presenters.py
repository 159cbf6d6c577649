"""What pages say about exams, attempts and results."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from alliance.core.templatetags.times import day

from . import rules
from .choices import Metric, QuestionKind, Standing
from .models import Attempt, Exam, ExamResult, Retraining, Station, StationResult

TONES: Mapping[str, str] = {
    Standing.OPEN: "warn",
    Standing.MAY_START: "active",
    Standing.WAITING: "neutral",
    Standing.USED_UP: "bad",
    Standing.PASSED: "good",
    Standing.IN_PERSON: "info",
}
# What waits for the reader stands on top.
_ORDER = list(TONES)


@dataclass(frozen=True, slots=True)
class Row:
    """An exam as its list shows it to one reader; `standing` is empty for who takes none."""

    exam: Exam
    terms: str
    standing: str = ""
    label: str = ""
    tone: str = ""
    note: str = ""


def terms(exam: Exam) -> str:
    """An exam's terms in one line."""
    mark = _("pass mark %(mark)d%%") % {"mark": exam.pass_mark}
    if not exam.is_online:
        return mark
    drawn = ngettext("%(n)d question", "%(n)d questions", exam.draw_count) % {"n": exam.draw_count}
    minutes = _("%(n)d minutes") % {"n": exam.minutes}
    return " · ".join([drawn, minutes, mark])


def exam_row(exam: Exam, record: rules.Record | None, *, on: date) -> Row:
    """One exam; with what the reader has done about it, where the reader takes exams."""
    if record is None:
        return Row(exam, terms(exam))
    standing = rules.standing(exam.terms, record, on=on)
    return Row(
        exam,
        terms(exam),
        standing,
        Standing(standing).label,  # type: ignore[arg-type]
        TONES[standing],
        _note(exam, standing, record),
    )


def sorted_rows(rows: Iterable[Row]) -> list[Row]:
    """What asks for an act first."""
    return sorted(rows, key=lambda row: _ORDER.index(row.standing) if row.standing else 0)


def _note(exam: Exam, standing: str, record: rules.Record) -> str:
    if standing == Standing.PASSED:
        return _("passed on %(day)s") % {"day": day(record.passed_on)}
    if standing == Standing.WAITING:
        return _("again from %(day)s") % {"day": day(rules.again_on(exam.terms, record))}
    if standing == Standing.USED_UP:
        return _("Ask your trainer for a further attempt.")
    if standing == Standing.IN_PERSON:
        return ""
    left = rules.attempts_left(exam.terms, record)
    if standing == Standing.OPEN:
        return ""
    return ngettext("%(n)d attempt left", "%(n)d attempts left", left) % {"n": left}


def judgements() -> list[str]:
    """The two answers to a judgement."""
    return [_("Right"), _("Wrong")]


def options_of(question: Mapping[str, Any]) -> list[str]:
    """What a question offers."""
    return judgements() if question["kind"] == QuestionKind.JUDGEMENT else question["options"]


def paper(attempt: Attempt) -> list[dict[str, Any]]:
    """The paper as it is sat: questions and what was chosen, never what is right."""
    return [
        {
            "number": place + 1,
            "name": f"q{place}",
            "kind": QuestionKind(question["kind"]).label,
            "input": "checkbox" if question["kind"] == QuestionKind.MULTIPLE else "radio",
            "text": question["text"],
            "options": [
                {"value": n, "letter": rules.LETTERS[n], "text": text, "chosen": n in chosen}
                for n, text in enumerate(options_of(question))
            ],
            "answered": bool(chosen),
        }
        for place, question, chosen in _answered(attempt)
    ]


def corrected(attempt: Attempt) -> list[dict[str, Any]]:
    """The paper after the exam: what was chosen, what is right, and why."""
    return [
        {
            "number": place + 1,
            "kind": QuestionKind(question["kind"]).label,
            "text": question["text"],
            "options": [
                {
                    "letter": rules.LETTERS[n],
                    "text": text,
                    "chosen": n in chosen,
                    "right": n in question["answer"],
                }
                for n, text in enumerate(options_of(question))
            ],
            "answered": bool(chosen),
            "right": rules.is_right(question, chosen),
            "explanation": question["explanation"],
        }
        for place, question, chosen in _answered(attempt)
    ]


def _answered(attempt: Attempt) -> Iterable[tuple[int, Mapping[str, Any], Sequence[int]]]:
    for place, question in enumerate(attempt.paper):
        yield place, question, attempt.answers.get(str(place), [])


def amount(metric: str, value: Decimal) -> str:
    """A measured value in words."""
    number = f"{value.normalize():f}"
    if metric == Metric.SECONDS:
        return _("%(n)s s") % {"n": number}
    if metric == Metric.COUNT:
        return _("%(n)s cases") % {"n": number}
    return _("%(n)s points") % {"n": number}


def threshold(station: Station) -> str:
    """What must be reached at a station, in words."""
    words = {
        Metric.SECONDS: _("at most %(what)s"),
        Metric.SCORE: _("at least %(what)s"),
        Metric.COUNT: _("%(what)s in all"),
    }[Metric(station.metric)]
    return words % {"what": amount(station.metric, station.threshold)}


def station_rows(
    stations: Iterable[Station], facts: Mapping[str, rules.StationFact]
) -> list[dict[str, Any]]:
    """Stations with how far one person is at each."""
    rows = []
    for station in stations:
        fact = facts.get(station.code, rules.StationFact(0, None))
        counted = station.metric == Metric.COUNT
        rows.append(
            {
                "station": station,
                "threshold": threshold(station),
                "count": fact.count,
                "passed_on": fact.passed_on,
                "most": int(station.threshold) if counted else 0,
                "done": min(fact.count, int(station.threshold)) if counted else fact.count,
            }
        )
    return rows


def result_facts(result: ExamResult | StationResult) -> list[dict[str, Any]]:
    """Everything a result's page says."""
    if isinstance(result, ExamResult):
        what, reached = result.exam.name, _("%(n)d points") % {"n": result.score}
        due = _("pass mark %(mark)d%%") % {"mark": result.exam.pass_mark}
    else:
        what, reached = result.station.name, amount(result.station.metric, result.value)
        due = threshold(result.station)
    told = [
        {"label": _("Practitioner"), "value": result.practitioner.name},
        {"label": _("Institution"), "value": str(result.institution)},
        {"label": _("What"), "value": what},
        {"label": _("Day"), "value": day(result.held_on)},
        {"label": _("Reached"), "value": f"{reached} · {due}"},
        {"label": _("Assessor"), "value": result.assessor or _("marked by the system")},
        {"label": _("Note"), "value": result.note, "wide": True},
    ]
    if result.voided_at:
        words = _("by %(by)s: %(reason)s") % {
            "by": result.voided_by,
            "reason": result.void_reason,
        }
        told.append({"label": _("Void"), "value": words, "wide": True})
    return told


def retraining_facts(row: Retraining) -> list[dict[str, Any]]:
    """Everything a retraining's page says."""
    failed = _("%(exam)s, %(score)d points on %(day)s") % {
        "exam": row.cause.exam.name,
        "score": row.cause.score,
        "day": day(row.cause.held_on),
    }
    return [
        {"label": _("Practitioner"), "value": row.practitioner.name},
        {"label": _("Institution"), "value": str(row.institution)},
        {"label": _("Because of"), "value": failed, "wide": True},
        {"label": _("By"), "value": day(row.due_on)},
        {"label": _("Done on"), "value": day(row.done_on)},
        {"label": _("Confirmed by"), "value": row.done_by},
        {"label": _("What was retrained"), "value": row.note, "wide": True},
    ]
