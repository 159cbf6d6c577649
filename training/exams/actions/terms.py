"""Exams as the office sets them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from alliance.core import ledger, versions
from alliance.core.saving import assign, store
from alliance.core.transactions import one_transaction
from alliance.institutions.models import Alliance

from .. import policies, rules
from ..choices import PRACTICAL_KINDS
from ..models import Exam


@one_transaction
def create_exam(*, alliance: Alliance, by: Any, values: Mapping[str, Any]) -> Exam:
    """Announce an exam: online from a bank, or held in person."""
    policies.insist_on_maintaining(by, alliance)
    exam = Exam(alliance=alliance, **values)
    _store(exam)
    ledger.record("exam.saved", by=by, subject=exam, name=exam.name)
    return exam


@one_transaction
def edit_exam(*, exam: Exam, by: Any, version: int, values: Mapping[str, Any]) -> Exam:
    """Change an exam; attempts under way keep the paper, the time and the mark they began with."""
    policies.insist_on_maintaining(by, exam.alliance)
    row: Exam = Exam.objects.select_for_update().get(pk=exam.pk)
    versions.check(row, version)
    changed = assign(row, values)
    row.version += 1
    _store(row)
    ledger.record("exam.saved", by=by, subject=row, changed=sorted(changed))
    return row


def _store(exam: Exam) -> None:
    if not exam.is_online:
        exam.draw_count = exam.minutes = 0
    errors = rules.exam_errors(
        is_online=exam.is_online,
        is_practical=exam.kind in PRACTICAL_KINDS,
        draw_count=exam.draw_count,
        minutes=exam.minutes,
        available=exam.bank.questions.active().count() if exam.bank else 0,
    )
    if exam.bank and exam.bank.alliance_id != exam.alliance_id:
        raise ValueError("an exam draws from a bank of its own alliance")
    store(exam, errors)
