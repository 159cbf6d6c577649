"""What the actions on postings share."""

from __future__ import annotations

from typing import Any

from alliance.core import ledger, versions

from .. import policies
from ..models import Posting
from ..policies import PostingAct


def locked(posting: Posting, by: Any, act: PostingAct, version: int | None) -> Posting:
    """The posting for this transaction alone, if `by` may do that."""
    rows = Posting.objects.select_for_update(of=("self",)).select_related(
        "practitioner", "from_institution", "to_institution"
    )
    row: Posting = rows.get(pk=posting.pk)
    policies.insist(act in policies.posting_rights(by, row))
    versions.check(row, version)
    return row


def record(act: str, row: Posting, by: Any, **data: Any) -> None:
    """Write a line of the ledger about a posting, at the house that sends."""
    ledger.record(act, by=by, subject=row, institution_id=row.from_institution_id, **data)
