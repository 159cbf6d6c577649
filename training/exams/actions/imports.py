"""Questions brought in as whole files."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.utils.translation import gettext as _

from alliance.core.exchange.plan import Plan, Row, RowError, compare, resolve
from alliance.core.exchange.write import upsert
from alliance.core.transactions import one_transaction

from .. import policies, rules
from ..models import Question, QuestionBank

_KEY = ("bank_id", "code")
_FIELDS = (*_KEY, "kind", "text", "options", "answer", "explanation", "is_active")
_COLUMNS = {"options": "option_a"}


def plan_questions(*, rows: Sequence[Row], by: Any, alliance_id: int | None) -> Plan:
    """What bringing these questions in would do; writes nothing."""
    policies.insist(alliance_id is not None and policies.may_maintain(by, alliance_id))
    banks = QuestionBank.objects.filter(alliance=alliance_id)
    errors = resolve(rows, "bank", banks, by=("name",), into="bank_id")
    for row in rows:
        errors += _read(row)
    stored = Question.objects.filter(bank__alliance=alliance_id)
    return compare(rows, stored, key=_KEY, fields=_FIELDS, errors=errors)


@one_transaction
def import_questions(
    *, rows: Sequence[Row], by: Any, alliance_id: int | None, progress: Callable[[int], None]
) -> Plan:
    """Add and change questions by bank and number, all or none; the import records it."""
    plan = plan_questions(rows=rows, by=by, alliance_id=alliance_id)
    plan.check()
    upsert(
        Question,
        plan,
        key=_KEY,
        fields=_FIELDS,
        derive=_count,
        derived=["version"],
        progress=progress,
    )
    return plan


def _count(question: Question) -> None:
    """A stored question goes to its next version; a new one begins at one."""
    if question.pk is not None:
        question.version += 1


def _read(row: Row) -> list[RowError]:
    """Put options and answer together; what is wrong is told at the column it stands in."""
    values = row.values
    cells = [values.get(f"option_{letter}", "") for letter in rules.LETTERS.lower()]
    values["options"] = [cell for cell in cells if cell]
    errors = {}
    try:
        values["answer"] = rules.numbers(values["answer"])
    except ValueError:
        errors["answer"] = _("Name the right options by their letters, such as B.")
        values["answer"] = []
    else:
        errors = rules.question_errors(
            kind=values["kind"],
            text=values["text"],
            options=values["options"],
            answer=values["answer"],
        )
    return [
        RowError(row.number, _COLUMNS.get(field, field), message)
        for field, message in errors.items()
    ]
