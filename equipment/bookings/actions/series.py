"""Repeating bookings: each occurrence is booked by itself, or told why not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from alliance.institutions.models import Alliance, Institution
from alliance.institutions.selectors import alliances_of

from .. import judging, policies, rules
from ..choices import Every
from ..errors import BookingRefused
from ..models import REPEATS_MOST, Booking, BookingSeries
from .booking import ask, grant, keep, refusals_kept


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
    series = BookingSeries.objects.create(
        alliance=_alliance(first.institution, first.at), institution=first.institution,
        every=every, count=count, created_by=by,
    )  # fmt: skip
    outcome = SeriesOutcome(series)
    times = rules.repeats(first.period, every_days=int(every), count=count, zone=judging.zone())
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


def _alliance(institution: Institution, at: Any) -> Alliance:
    joined = alliances_of(institution.pk, on=at.date())
    if not joined:
        raise ValidationError({"institution": _("This institution is in no alliance.")})
    return joined[0]
