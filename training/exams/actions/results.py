"""Results entered by assessors: exams held in person, stations; what a failure makes one owe."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.utils import timezone
from django.utils.translation import gettext as _

from alliance.core import ledger, outbox, uploads, versions
from alliance.core.errors import DomainError
from alliance.core.policy import policy
from alliance.core.saving import store
from alliance.core.transactions import one_transaction
from alliance.people.models import Practitioner

from .. import policies, rules
from ..choices import ExamKind
from ..models import Exam, ExamResult, ExtraAttempt, Retraining, Station, StationResult
from ..signals import results_entered

Result = ExamResult | StationResult


@one_transaction
def record_result(
    *,
    exam: Exam,
    practitioner: Practitioner,
    held_on: date,
    score: int,
    by: Any,
    note: str = "",
    evidence: Any = None,
) -> ExamResult:
    """Enter what somebody reached in an exam held in person; a failed skills exam owes retraining."""
    today = timezone.localdate()
    _insist(exam.alliance_id, practitioner, by, today)
    _insist_on_use(exam)
    result = ExamResult(
        alliance_id=exam.alliance_id,
        institution_id=practitioner.institution_id,
        exam=exam,
        practitioner=practitioner,
        held_on=held_on,
        score=score,
        passed=score >= exam.pass_mark,
        assessor=by,
        note=note.strip(),
    )
    _save(result, _day_error(held_on, today), evidence)
    ledger.record(
        "exam.result_recorded",
        by=by,
        subject=result,
        institution_id=result.institution_id,
        practitioner=str(practitioner.public_id),
        score=score,
        passed=result.passed,
    )
    _owe_retraining(result, exam)
    outbox.put("exams.result", result_id=result.pk)
    results_entered.send(sender=ExamResult, practitioner_ids=[result.practitioner_id])
    return result


@one_transaction
def record_station(
    *,
    station: Station,
    practitioner: Practitioner,
    held_on: date,
    value: Decimal,
    by: Any,
    note: str = "",
    evidence: Any = None,
) -> StationResult:
    """Enter what somebody reached at a station on a day."""
    today = timezone.localdate()
    _insist(station.alliance_id, practitioner, by, today)
    _insist_on_use(station)
    errors = _day_error(held_on, today)
    if wrong := rules.value_error(station.metric, value):
        errors["value"] = wrong
    result = StationResult(
        alliance_id=station.alliance_id,
        institution_id=practitioner.institution_id,
        station=station,
        practitioner=practitioner,
        held_on=held_on,
        value=value,
        passed=rules.reaches(station.metric, value, station.threshold),
        assessor=by,
        note=note.strip(),
    )
    _save(result, errors, evidence)
    ledger.record(
        "station.result_recorded",
        by=by,
        subject=result,
        institution_id=result.institution_id,
        practitioner=str(practitioner.public_id),
        passed=result.passed,
    )
    results_entered.send(sender=StationResult, practitioner_ids=[result.practitioner_id])
    return result


@one_transaction
def void_result(*, result: ExamResult, reason: str, by: Any) -> ExamResult:
    """Take back a result that was entered wrongly; the row stays, and a retraining with it goes."""
    if result.attempt_id is not None:
        policies.insist(policies.may_maintain(by, result.alliance_id))
    _void(result, reason, by)
    ledger.record("exam.result_voided", by=by, subject=result, reason=reason.strip())
    return result


@one_transaction
def void_station_result(*, result: StationResult, reason: str, by: Any) -> StationResult:
    """Take back a station result that was entered wrongly; the row stays."""
    _void(result, reason, by)
    ledger.record("station.result_voided", by=by, subject=result, reason=reason.strip())
    return result


@one_transaction
def finish_retraining(
    *, retraining: Retraining, done_on: date, note: str, version: int, by: Any
) -> Retraining:
    """Confirm that somebody was retrained after a failed skills exam, and in what."""
    today = timezone.localdate()
    policies.insist_on_assessing(by, retraining.alliance_id, on=today)
    row: Retraining = Retraining.objects.select_for_update().get(pk=retraining.pk)
    versions.check(row, version)
    policies.insist_on_trainee(
        practitioner=row.practitioner, alliance_id=row.alliance_id, by=by, on=today
    )
    if row.done_on is not None or row.cause.voided_at is not None:
        raise DomainError("nothing_owed", _("This retraining is no longer owed."))
    errors = {}
    if not row.cause.held_on <= done_on <= today:
        errors["done_on"] = _("Choose a day from the failed exam to today.")
    if not note.strip():
        errors["note"] = _("Say what was retrained.")
    row.done_on, row.done_by, row.note = done_on, by, note.strip()
    row.version += 1
    store(row, errors)
    ledger.record("retraining.done", by=by, subject=row, institution_id=row.institution_id)
    return row


@one_transaction
def give_attempt(*, exam: Exam, practitioner: Practitioner, reason: str, by: Any) -> ExtraAttempt:
    """Give somebody a further attempt at an online exam, with the reason."""
    today = timezone.localdate()
    _insist(exam.alliance_id, practitioner, by, today)
    if not exam.is_online:
        raise DomainError("in_person", _("An exam held in person has no attempts to give."))
    if not reason.strip():
        raise ValidationError({"reason": _("Say why.")})
    extra = ExtraAttempt(
        alliance_id=exam.alliance_id,
        exam=exam,
        practitioner=practitioner,
        reason=reason.strip(),
        given_by=by,
    )
    store(extra)
    outbox.put("exams.attempt_given", extra_id=extra.pk)
    ledger.record(
        "exam.attempt_given", by=by, subject=exam, practitioner=str(practitioner.public_id)
    )
    return extra


def _insist(alliance_id: int, practitioner: Practitioner, by: Any, on: date) -> None:
    """Who enters something of somebody teaches in that alliance, where the other works."""
    policies.insist_on_assessing(by, alliance_id, on=on)
    policies.insist_on_trainee(practitioner=practitioner, alliance_id=alliance_id, by=by, on=on)


def _insist_on_use(held: Exam | Station) -> None:
    """Results are entered of what is held in person, and still is."""
    if isinstance(held, Exam) and held.is_online:
        raise DomainError("online", _("This exam is sat online; its results enter themselves."))
    if not held.is_active:
        raise DomainError("not_in_use", _("“%(name)s” is no longer in use.") % {"name": held.name})


def _owe_retraining(result: ExamResult, exam: Exam) -> None:
    if exam.kind != ExamKind.SKILLS or result.passed:
        return
    days = policy("exam.retraining_days", on=result.held_on, alliance_id=result.alliance_id)
    Retraining.objects.create(
        alliance_id=result.alliance_id,
        practitioner_id=result.practitioner_id,
        institution_id=result.institution_id,
        cause=result,
        due_on=result.held_on + timedelta(days=days),
    )


def _day_error(held_on: date, today: date) -> dict[str, Any]:
    return {"held_on": _("This day is yet to come.")} if held_on > today else {}


def _save(result: Result, errors: dict[str, Any], evidence: Any) -> None:
    """Store a result with its evidence, which is kept under the result's own id."""
    checked = _checked(evidence, result.alliance_id, result.held_on) if evidence else None
    if isinstance(checked, uploads.Refusal):
        errors["evidence"] = checked.message
    elif checked is not None:
        result.evidence_name = checked.name
    store(result, errors)
    if isinstance(checked, uploads.CheckedFile):
        name = f"{result.public_id}{checked.kind.suffix}"
        result.evidence.save(name, ContentFile(checked.content))


def _checked(file: Any, alliance_id: int, on: date) -> uploads.CheckedFile | uploads.Refusal:
    most = policy("exam.evidence_bytes_most", on=on, alliance_id=alliance_id)
    return uploads.check(file, file.name or "", max_bytes=most)


def _void(result: Result, reason: str, by: Any) -> None:
    """Void once, by conditional update: of two at once the later one is told."""
    policies.insist_on_assessing(by, result.alliance_id, on=timezone.localdate())
    if result.practitioner_id == by.practitioner_id:
        raise DomainError("own_result", _("Nobody voids a result of their own."))
    if not reason.strip():
        raise ValidationError({"reason": _("Say why.")})
    rows = type(result).objects.filter(pk=result.pk, voided_at=None)
    if not rows.update(voided_at=timezone.now(), voided_by=by, void_reason=reason.strip()):
        raise DomainError("already_voided", _("This result is void already."))
    result.refresh_from_db()
