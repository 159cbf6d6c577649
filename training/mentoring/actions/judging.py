"""What both sides say of a posting, and how the sender assesses it."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from alliance.core.errors import DomainError
from alliance.core.transactions import one_transaction

from ..choices import Assessment, Party, PostingStatus
from ..models import Posting, PostingEvaluation
from ..policies import PostingAct
from .common import locked, record

_ACTS = {Party.HOST: PostingAct.EVALUATE_HOST, Party.PERSON: PostingAct.EVALUATE_PERSON}
_BEST = 5


@one_transaction
def evaluate_posting(
    *, posting: Posting, party: str, rating: int, text: str, by: Any
) -> PostingEvaluation:
    """One side's word on a posting, given once: the house of the person, or the other way round."""
    row = locked(posting, by, _ACTS[Party(party)], None)
    if row.status not in (PostingStatus.RUNNING, PostingStatus.DONE):
        raise DomainError("not_begun", _("A posting is evaluated once it has begun."))
    if row.evaluations.filter(party=party).exists():
        raise DomainError("evaluated", _("This side has already given its evaluation."))
    if not 1 <= rating <= _BEST:
        raise ValidationError({"rating": _("Choose 1 to 5.")})
    found: PostingEvaluation = row.evaluations.create(
        party=party, rating=rating, text=text.strip(), by=by
    )
    record("posting.evaluated", row, by, party=party, rating=rating)
    return found


@one_transaction
def assess_posting(
    *, posting: Posting, assessment: str, text: str, by: Any, version: int | None = None
) -> Posting:
    """The sending institution's assessment of a finished posting; a later one replaces it."""
    row = locked(posting, by, PostingAct.ASSESS, version)
    if row.status != PostingStatus.DONE:
        raise DomainError("not_done", _("A posting is assessed once it has ended."))
    if assessment not in Assessment.values:
        raise ValidationError({"assessment": _("Choose one of the offered values.")})
    row.assessment, row.assessment_text = assessment, text.strip()
    row.assessed_at, row.assessed_by = timezone.now(), by
    row.version += 1
    row.save()
    record("posting.assessed", row, by, assessment=assessment)
    return row
