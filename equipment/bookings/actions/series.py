"""Repeating bookings: each occurrence is booked by itself, or told why not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from alliance.core.errors import DomainError
from alliance.core.templatetags.times import when
from alliance.core.transactions import one_transaction
from alliance.institutions.models import Alliance, Institution
from alliance.institutions.selectors import alliances_of

from .. import judging, policies, rules
from ..choices import WAITING, Every
from ..errors import Asked, BookingRefused
from ..models import REPEATS_MOST, Booking, BookingSeries
from ..rules import Period
from .booking import ask, grant, keep, refusals_kept
from .deciding import cancel


@dataclass(slots=True)
class SeriesOutcome:
    """What came of a repeating booking, in order of time."""

    series: BookingSeries
    booked: list[Booking] = field(default_factory=list)
    refused: list[BookingRefused] = field(default_factory=list)


def book_series(*, every: str, count: int, by: Any, **more: Any) -> SeriesOutcome:
    """Book the same time again and again; takes what `book` takes, and how often.

    The occurrences that can be booked are booked. Where none can, nothing is stored and the reasons
    of the first are told.
    """
    with refusals_kept():
        return _book_all(every, count, by, more)


@transaction.atomic
def _book_all(every: str, count: int, by: Any, more: Mapping[str, Any]) -> SeriesOutcome:
    if every not in Every.values or not 2 <= count <= REPEATS_MOST:
        message = _("Repeat it 2 to %(most)d times.") % {"most": REPEATS_MOST}
        raise ValidationError({"count": message})
    first = ask(by=by, **more)
    policies.insist(policies.may_book(by, first.institution.pk))
    times = rules.repeats(first.period, every_days=int(every), count=count, zone=judging.zone())
    _within_horizon(first, times)
    series = BookingSeries.objects.create(
        alliance=_alliance(first.institution, first.at), institution=first.institution,
        every=every, count=count, created_by=by,
    )  # fmt: skip
    outcome = SeriesOutcome(series)
    for period in times:
        try:
            # A savepoint of its own: the others go on, also within the transaction of a door.
            with transaction.atomic():
                outcome.booked.append(grant(replace(first, period=period, series=series)))
        except BookingRefused as refused:
            keep(refused)
            outcome.refused.append(refused)
    if not outcome.booked:
        # The series goes with everything else.
        told = outcome.refused[0]
        told.asked = replace(told.asked, series=None)
        raise told
    return outcome


@one_transaction
def cancel_series(
    *,
    series: BookingSeries,
    reason: str,
    by: Any,
    at: datetime,
    since: datetime | None = None,
) -> list[Booking]:
    """Give back all of a series that has not begun, or what begins at `since` or later."""
    policies.insist(policies.may_book(by, series.institution_id))
    rows = Booking.objects.filter(series=series, status__in=WAITING, ends_at__gt=at)
    if since is not None:
        rows = rows.filter(starts_at__gte=since)
    left = list(rows.order_by("pk"))
    if not left:
        raise DomainError("nothing_left", _("Nothing of this series is left to cancel."))
    return [cancel(booking=row, reason=reason, by=by, at=at) for row in left]


def _within_horizon(asked: Asked, times: Sequence[Period]) -> None:
    """Refuse at once, with how often it would do, what reaches too far ahead."""
    ground = judging.ground_of(asked)
    latest = asked.at + judging.limits(ground.settings, asked.institution.tier).horizon
    most = sum(period.since <= latest for period in times)
    if 0 < most < len(times):
        message = _("Times until %(latest)s may be booked now: repeat it %(most)d times at most.")
        raise ValidationError({"count": message % {"latest": when(latest), "most": most}})


def _alliance(institution: Institution, at: Any) -> Alliance:
    joined = alliances_of(institution.pk, on=timezone.localdate(at))
    if not joined:
        raise ValidationError({"institution": _("This institution is in no alliance.")})
    return joined[0]
