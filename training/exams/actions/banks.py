"""Question banks: written by the alliance's office, or loaded from the starter file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from alliance.core import ledger, versions
from alliance.core.saving import assign, store
from alliance.core.transactions import one_transaction
from alliance.institutions.models import Alliance

from .. import policies, rules, starter
from ..models import Question, QuestionBank

_SERIAL = re.compile(r"\d+$")


@one_transaction
def create_bank(*, alliance: Alliance, by: Any, values: Mapping[str, Any]) -> QuestionBank:
    """Begin an empty bank."""
    policies.insist_on_maintaining(by, alliance)
    bank = QuestionBank(alliance=alliance, **values)
    store(bank)
    ledger.record("bank.saved", by=by, subject=bank, name=bank.name)
    return bank


@one_transaction
def edit_bank(
    *, bank: QuestionBank, by: Any, version: int, values: Mapping[str, Any]
) -> QuestionBank:
    """Change what a bank is called and whether exams may draw from it."""
    policies.insist_on_maintaining(by, bank.alliance)
    row: QuestionBank = QuestionBank.objects.select_for_update().get(pk=bank.pk)
    versions.check(row, version)
    changed = assign(row, values)
    row.version += 1
    store(row)
    ledger.record("bank.saved", by=by, subject=row, changed=sorted(changed))
    return row


@one_transaction
def create_question(*, bank: QuestionBank, by: Any, values: Mapping[str, Any]) -> Question:
    """Add a question; without a number it gets the bank's next."""
    policies.insist_on_maintaining(by, bank.alliance)
    # One at a time: two questions added at once get two numbers.
    QuestionBank.objects.select_for_update().get(pk=bank.pk)
    question = Question(bank=bank, **values)
    question.code = question.code or _next_code(bank)
    _store(question)
    ledger.record("question.saved", by=by, subject=question, bank=bank.name)
    return question


@one_transaction
def edit_question(
    *, question: Question, by: Any, version: int, values: Mapping[str, Any]
) -> Question:
    """Change a question; papers drawn before keep the words they were drawn with."""
    policies.insist_on_maintaining(by, question.bank.alliance)
    row: Question = Question.objects.select_for_update().get(pk=question.pk)
    versions.check(row, version)
    changed = assign(row, values)
    row.version += 1
    _store(row)
    ledger.record("question.saved", by=by, subject=row, changed=sorted(changed))
    return row


@one_transaction
def load_starter_questions(*, alliance: Alliance, by: Any = None) -> int:
    """Add the starter bank and its missing questions; running it again adds nothing.

    For the operator and the demonstration (`by` None), and for the office on its page.
    """
    if by is not None:
        policies.insist_on_maintaining(by, alliance)
    Alliance.objects.select_for_update().get(pk=alliance.pk)
    bank, _made = QuestionBank.objects.get_or_create(
        alliance=alliance, name=starter.BANK, defaults={"note": starter.NOTE}
    )
    before = bank.questions.count()
    Question.objects.bulk_create(
        (Question(bank=bank, **row) for row in starter.questions()), ignore_conflicts=True
    )
    added: int = bank.questions.count() - before
    ledger.record("questions.loaded", by=by, subject=bank, added=added)
    return added


def _next_code(bank: QuestionBank) -> str:
    codes = bank.questions.values_list("code", flat=True)
    serials = [int(found[0]) for code in codes if (found := _SERIAL.search(code))]
    return f"Q{max(serials, default=0) + 1:03d}"


def _store(question: Question) -> None:
    errors = rules.question_errors(
        kind=question.kind,
        text=question.text,
        options=question.options,
        answer=question.answer,
    )
    store(question, errors)
