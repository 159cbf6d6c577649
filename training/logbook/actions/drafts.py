"""What is half typed into the form for a new case, kept for one's next try."""

from collections.abc import Mapping
from typing import Any

from alliance.core.transactions import one_transaction

from .. import policies
from ..models import CaseDraft


@one_transaction
def keep_draft(*, by: Any, content: Mapping[str, str]) -> CaseDraft:
    """Keep what somebody has typed so far; there is one draft a person."""
    policies.insist(policies.may_record(by))
    draft, _created = CaseDraft.objects.update_or_create(
        user=by, defaults={"content": dict(content)}
    )
    return draft


@one_transaction
def drop_draft(*, by: Any) -> None:
    """Forget it: it became a case, or is not wanted."""
    CaseDraft.objects.filter(user=by).delete()
