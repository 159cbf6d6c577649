"""Who has passed a stage without anybody saying so: looked at soon after, and every night."""

import logging
from collections.abc import Collection, Iterator
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from alliance.core import outbox
from alliance.core.errors import DomainError
from alliance.core.exchange.plan import chunks

from .. import selectors
from ..choices import EventKind
from ..models import Enrolment, EnrolmentEvent
from .enrolments import advance

log = logging.getLogger(__name__)
_AT_ONCE = 500


def look_soon(*, practitioner_ids: Collection[int]) -> None:
    """Promise, in this transaction, to look at those of these people who are learning.

    Whatever the message meets, nothing is lost: the nightly look finds the same.
    """
    learning = Enrolment.objects.active().filter(practitioner__in=set(practitioner_ids))
    people = sorted(learning.order_by().values_list("practitioner_id", flat=True).distinct())
    if people:
        outbox.put_all("programmes.look", [{"practitioner_id": pk} for pk in people])


def look_at(*, practitioner_id: int) -> int:
    """Bring the enrolments of one doctor up to date; how many moved. Safe to repeat."""
    mine = Enrolment.objects.active().filter(practitioner=practitioner_id)
    return _bring_up(mine, timezone.localdate())


def advance_all(*, on: date | None = None) -> int:
    """Bring every enrolment up to date; each in a transaction of its own, so any may be repeated."""
    return _bring_up(Enrolment.objects.active(), on or timezone.localdate())


def _bring_up(rows: QuerySet[Any], on: date) -> int:
    return sum(_one(pk, on) for pk in _behind(rows, on))


def _one(pk: int, on: date) -> bool:
    """Whether this enrolment moved; what a rule forbids for one person stops nobody else."""
    try:
        with transaction.atomic():
            advance(enrolment=Enrolment.objects.get(pk=pk), by=None, on=on)
    except DomainError as refused:
        log.warning("enrolment %s does not move: %s", pk, refused.code)
        return False
    return True


def _behind(rows: QuerySet[Any], on: date) -> Iterator[int]:
    """Ids of enrolments with a passed stage that is not noted, or with nothing missing any more."""
    ordered = rows.order_by("pk").iterator(chunk_size=_AT_ONCE)
    for chunk in chunks(ordered, _AT_ONCE):
        noted = set(
            EnrolmentEvent.objects.filter(
                enrolment__in=[one.pk for one in chunk], kind=EventKind.STAGE_PASSED
            ).values_list("enrolment_id", "stage_id")
        )
        for pk, found in selectors.progress_many(chunk, on=on).items():
            passed = {(pk, one.stage.pk) for one in found.stages if one.is_passed}
            if found.is_complete or passed - noted:
                yield pk
