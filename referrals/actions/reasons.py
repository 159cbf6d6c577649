"""Reason codes that come with the platform; an alliance adds its own in the back office."""

from typing import Any

from alliance.catalogue import starter
from alliance.core import ledger
from alliance.core.transactions import one_transaction

from ..models import ReasonCode


@one_transaction
def load_reason_codes() -> int:
    """Add the starter reasons that are missing; running it again adds nothing. Returns how many."""
    before = ReasonCode.objects.count()
    ReasonCode.objects.bulk_create(
        (
            ReasonCode(
                move=row.move,
                code=row.code,
                label_zh=row.label_zh,
                label_en=row.label_en,
                needs_text=row.needs_text,
                valid_from=row.valid_from,
                rank=rank,
            )
            for rank, row in enumerate(starter.reason_codes())
        ),
        ignore_conflicts=True,
    )
    return ReasonCode.objects.count() - before


@one_transaction
def save_reason(*, reason: ReasonCode, by: Any) -> ReasonCode:
    """Add or change a coded reason (the back office has checked that `by` may)."""
    reason.full_clean()
    reason.save()
    ledger.record("reason.saved", by=by, subject=reason, move=reason.move, code=reason.code)
    return reason
