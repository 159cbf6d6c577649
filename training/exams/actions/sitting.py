"""Sitting an exam: started once, saved as one goes, handed in or closed by the clock."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from random import SystemRandom
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from alliance.core import ledger, outbox, versions
from alliance.core.errors import DomainError
from alliance.core.policy import policy
from alliance.core.templatetags.times import day
from alliance.core.transactions import one_transaction
from alliance.people.models import Practitioner

from .. import policies, rules, selectors
from ..choices import Ending, Standing
from ..models import Attempt, Exam, ExamResult, Question
from ..signals import results_entered

Answers = Mapping[str, Sequence[int]]
_dice = SystemRandom()


@one_transaction
def start_attempt(*, exam: Exam, by: Any) -> Attempt:
    """Draw a paper and start its clock; a second tap finds the attempt that is under way."""
    now = timezone.now()
    today = timezone.localdate(now)
    practitioner = policies.learner(by, exam, on=today)
    # One start at a time for one person, so that a double tap waits and then finds the first.
    Practitioner.objects.select_for_update(no_key=True).get(pk=practitioner.pk)
    running = _locked(Attempt.objects.open().filter(exam=exam, practitioner=practitioner))
    if running is not None:
        if not _is_late(running, now):
            return running
        _end(running, Ending.TIME_OUT, now, by)
    terms = Exam.objects.select_for_update(no_key=True).get(pk=exam.pk)
    record = selectors.records([terms], practitioner_id=practitioner.pk, on=today)[terms.pk]
    _insist_on_starting(terms, record, now)
    attempt = Attempt.objects.create(
        alliance_id=terms.alliance_id,
        exam=terms,
        practitioner=practitioner,
        institution_id=practitioner.institution_id,
        number=record.attempts + 1,
        paper=_draw(terms),
        pass_mark=terms.pass_mark,
        started_at=now,
        due_at=rules.due_at(now, terms.minutes),
    )
    ledger.record("exam.started", by=by, subject=attempt, turn=attempt.number)
    return attempt


@one_transaction
def save_answers(
    *, attempt: Attempt, answers: Answers, page: str, version: int, by: Any
) -> Attempt:
    """Keep what was answered so far; after the time is over the attempt ends without it."""
    row, now = _own(attempt, by), timezone.now()
    if row.submitted_at is not None:
        raise DomainError("attempt_ended", _("This attempt has ended; its result stands."))
    if _is_late(row, now):
        return _end(row, Ending.TIME_OUT, now, by)
    _keep(row, answers, page, version, now)
    return row


@one_transaction
def hand_in(*, attempt: Attempt, answers: Answers, page: str, version: int, by: Any) -> Attempt:
    """Hand the paper in; too late, what was saved in time counts and nothing else.

    Handing in twice changes nothing.
    """
    row, now = _own(attempt, by), timezone.now()
    if row.submitted_at is not None:
        return row
    if _is_late(row, now):
        return _end(row, Ending.TIME_OUT, now, by)
    _keep(row, answers, page, version, now)
    return _end(row, Ending.HANDED_IN, now, by)


@one_transaction
def close_attempt(*, attempt: Attempt, by: Any) -> Attempt:
    """End one's own attempt whose time is over, to see what was reached."""
    row, now = _own(attempt, by), timezone.now()
    if row.submitted_at is not None:
        return row
    if now < row.due_at:
        raise DomainError("time_left", _("There is time left: go on, or hand the paper in."))
    return _end(row, Ending.TIME_OUT, now, by)


def close_overdue(*, limit: int = 500) -> int:
    """End attempts that nobody came back to; what was saved in time counts. Safe to run twice."""
    now = timezone.now()
    due = Attempt.objects.open().filter(due_at__lt=now).order_by("due_at")
    return sum(_close_one(pk, now) for pk in due.values_list("pk", flat=True)[:limit])


@one_transaction
def _close_one(pk: int, now: datetime) -> bool:
    """Whether this attempt was late and ends now; one that somebody holds is left to the next run."""
    rows = Attempt.objects.open().select_for_update(skip_locked=True, of=("self",))
    row = rows.select_related("exam").filter(pk=pk).first()
    if row is None or not _is_late(row, now):
        return False
    _end(row, Ending.TIME_OUT, now, None)
    return True


def _insist_on_starting(exam: Exam, record: rules.Record, now: datetime) -> None:
    """Refuse with what to do instead."""
    if not exam.is_active:
        raise DomainError("exam_closed", _("This exam is no longer held."))
    today = timezone.localdate(now)
    again = rules.again_on(exam.terms, record)
    refusals = {
        Standing.PASSED: ("already_passed", _("You have passed this exam already.")),
        Standing.IN_PERSON: ("in_person", _("This exam is held in person. Ask your trainer.")),
        Standing.USED_UP: (
            "attempts_used_up",
            _("All attempts are used. Ask your trainer for a further one."),
        ),
        Standing.WAITING: (
            "wait",
            _("You may try again on %(day)s.") % {"day": day(again)},
        ),
    }
    refusal = refusals.get(rules.standing(exam.terms, record, on=today))
    if refusal is not None:
        raise DomainError(*refusal)


def _draw(exam: Exam) -> list[dict[str, Any]]:
    """A paper of its own: so many questions at random, written out as they are today."""
    questions = list(Question.objects.active().filter(bank=exam.bank_id))
    if len(questions) < exam.draw_count:
        message = _("The bank has too few questions for this exam. Tell the alliance office.")
        raise DomainError("bank_too_small", message)
    return [
        {
            "question": question.pk,
            "code": question.code,
            "kind": question.kind,
            "text": question.text,
            "options": question.options,
            "answer": question.answer,
            "explanation": question.explanation,
        }
        for question in _dice.sample(questions, exam.draw_count)
    ]


def _own(attempt: Attempt, by: Any) -> Attempt:
    """The attempt for this transaction alone; only who sits it may touch it."""
    row = _locked(Attempt.objects.filter(pk=attempt.pk))
    policies.insist(row is not None and row.practitioner_id == by.practitioner_id)
    assert row is not None  # noqa: S101 - insisted on above
    return row


def _locked(rows: Any) -> Attempt | None:
    found: Attempt | None = rows.select_for_update(of=("self",)).select_related("exam").first()
    return found


def _is_late(attempt: Attempt, now: datetime) -> bool:
    grace = policy(
        "exam.grace_seconds", on=timezone.localdate(now), alliance_id=attempt.alliance_id
    )
    return rules.is_late(attempt.due_at, now, grace_seconds=grace)


def _keep(attempt: Attempt, answers: Answers, page: str, version: int, now: datetime) -> None:
    """Store the answers of one copy of the page; another copy must have seen the latest ones.

    The copy that saved last may always save again: the answer to its last saving may have been
    lost on the line, and with it the version.
    """
    if not page or page != attempt.page:
        versions.check(attempt, version)
    attempt.answers = rules.cleaned(attempt.paper, answers)
    attempt.page, attempt.saved_at = page, now
    attempt.version += 1
    attempt.save(update_fields=["answers", "page", "saved_at", "version", "updated_at"])


def _end(attempt: Attempt, ending: Ending, now: datetime, by: Any) -> Attempt:
    """Mark what was saved, and write the result; the day is that of the ending."""
    attempt.submitted_at, attempt.ending = now, ending
    attempt.version += 1
    attempt.save(update_fields=["submitted_at", "ending", "version", "updated_at"])
    marks = rules.mark(attempt.paper, attempt.answers, pass_mark=attempt.pass_mark)
    # Who ran out of time yesterday and looks today ended yesterday.
    held_on = timezone.localdate(min(now, attempt.due_at))
    result = ExamResult.objects.create(
        alliance_id=attempt.alliance_id,
        exam_id=attempt.exam_id,
        practitioner_id=attempt.practitioner_id,
        institution_id=attempt.institution_id,
        held_on=held_on,
        attempt=attempt,
        score=marks.score,
        passed=marks.passed,
    )
    ledger.record(
        "exam.ended", by=by, subject=attempt, score=marks.score, passed=marks.passed, ending=ending
    )
    if by is None:
        outbox.put("exams.result", result_id=result.pk)
    results_entered.send(sender=ExamResult, practitioner_ids=[attempt.practitioner_id])
    return attempt
