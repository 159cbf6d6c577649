"""The nightly look: who has passed a stage without anybody saying so."""

from collections.abc import Iterator
from datetime import date

from django.utils import timezone

from alliance.core.exchange.plan import chunks

from .. import selectors
from ..choices import EventKind
from ..models import Enrolment, EnrolmentEvent
from .enrolments import advance

_AT_ONCE = 500


def advance_all(*, on: date | None = None) -> int:
    """Bring every enrolment up to date; each in a transaction of its own, so any may be repeated."""
    today = on or timezone.localdate()
    count = 0
    for pk in _behind(today):
        advance(enrolment=Enrolment.objects.get(pk=pk), by=None, on=today)
        count += 1
    return count


def _behind(on: date) -> Iterator[int]:
    """Ids of enrolments with a passed stage that is not noted, or with nothing missing any more."""
    rows = Enrolment.objects.active().for_list().order_by("pk")
    for chunk in chunks(rows.iterator(chunk_size=_AT_ONCE), _AT_ONCE):
        noted = set(
            EnrolmentEvent.objects.filter(
                enrolment__in=[one.pk for one in chunk], kind=EventKind.STAGE_PASSED
            ).values_list("enrolment_id", "stage_id")
        )
        for pk, found in selectors.progress_many(chunk, on=on).items():
            passed = {(pk, one.stage.pk) for one in found.stages if one.is_passed}
            if found.is_complete or passed - noted:
                yield pk
