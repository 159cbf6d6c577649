"""Signals of curves: each opens a review, in which a person decides."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from alliance.core import ledger, outbox, versions
from alliance.core.errors import DomainError
from alliance.core.transactions import one_transaction

from .. import curves, policies, rules
from ..choices import ReviewCause
from ..models import CurveReview


@one_transaction
def look_at(*, practitioner_id: int, technique_id: int, alliance_id: int) -> int:
    """Open what the curve of one practitioner and technique signals now; return how many."""
    drawn = curves.draw(
        practitioner_id=practitioner_id,
        technique_id=technique_id,
        alliance_id=alliance_id,
        on=timezone.localdate(),
    )
    return _open(alliance_id, [drawn])


@one_transaction
def open_reviews(*, alliance_id: int, on: date) -> int:
    """Open a review for every new signal on any curve of an alliance, in one pass.

    Running it again opens nothing: a signal is known by its case.
    """
    return _open(alliance_id, curves.draw_all(alliance_id=alliance_id, on=on))


def _open(alliance_id: int, drawn: Any) -> int:
    wanted = [
        CurveReview(
            alliance_id=alliance_id,
            practitioner_id=one.cases.practitioner_id,
            technique_id=one.cases.technique_id,
            cause=cause,
            case_id=one.cases.case_ids[number - 1],
            case_number=number,
        )
        for one in drawn
        for cause, number in one.signals().items()
    ]
    if not wanted:
        return 0
    known = _known(alliance_id, wanted)
    fresh = [one for one in wanted if not known & {_key(one), (*_key(one)[:3], None)}]
    CurveReview.objects.bulk_create(fresh, ignore_conflicts=True)
    ids = [one.public_id for one in fresh]
    new = CurveReview.objects.filter(public_id__in=ids).order_by("pk")
    for review in new:
        ledger.record("curve.opened", by=None, subject=review, cause=review.cause)
    outbox.put_all("logbook.signal", [{"review_id": review.pk} for review in new])
    return len(new)


def _key(review: CurveReview) -> tuple[Any, ...]:
    return (review.practitioner_id, review.technique_id, review.cause, review.case_id)


def _known(alliance_id: int, wanted: list[CurveReview]) -> set[tuple[Any, ...]]:
    """Signals that were opened before: by their case, and competence once for all.

    Where a case that came in late moves the signal to another one, an open review stays the one.
    """
    rows = CurveReview.objects.filter(
        alliance=alliance_id, practitioner__in={one.practitioner_id for one in wanted}
    )
    known: set[tuple[Any, ...]] = set()
    for who, what, cause, case, decided in rows.values_list(
        "practitioner_id", "technique_id", "cause", "case_id", "decided_at"
    ):
        is_one = decided is None or cause == ReviewCause.COMPETENCE
        known.add((who, what, cause, None if is_one else case))
    return known


@one_transaction
def decide_review(
    *, review: CurveReview, by: Any, decision: str, note: str, version: int
) -> CurveReview:
    """Decide about a signal: the curve goes on from there as decided."""
    rows = CurveReview.objects.select_for_update(of=("self",)).select_related("practitioner")
    row: CurveReview = rows.get(pk=review.pk)
    versions.check(row, version)
    if not policies.may_decide(by, row):
        raise PermissionDenied
    if row.decided_at is not None:
        raise DomainError("review_decided", _("Somebody has decided about this signal already."))
    errors = rules.decision_errors(cause=row.cause, decision=decision, note=note)
    if errors:
        raise ValidationError(errors)
    row.decision, row.note = decision, note.strip()[:500]
    row.decided_at, row.decided_by = timezone.now(), by
    row.version += 1
    row.save()
    ledger.record(
        "curve.decided",
        by=by,
        subject=row,
        institution_id=row.practitioner.institution_id,
        decision=row.decision,
        reason=row.note,
    )
    outbox.put("logbook.decided", review_id=row.pk)
    return row
