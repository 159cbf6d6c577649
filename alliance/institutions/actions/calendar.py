"""An institution's own exceptions from the national working calendar."""

from datetime import date, time, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from alliance.core import ledger
from alliance.core.errors import DomainError

from .. import policies, rules
from ..models import CalendarDay, Institution


@transaction.atomic
def add_calendar_days(
    *,
    institution: Institution,
    first: date,
    by: Any,
    reason: str,
    last: date | None = None,
    is_open: bool = False,
    opens_at: time | None = None,
    closes_at: time | None = None,
) -> list[CalendarDay]:
    """Close the institution on these days, or open it on them, whatever the calendar says."""
    policies.insist(policies.may_edit_institution(by, institution))
    last = last or first
    _check(first, last, is_open, opens_at, closes_at, reason)
    hours = {"opens_at": opens_at, "closes_at": closes_at} if is_open else {}
    days = [
        CalendarDay(
            institution=institution,
            day=first + timedelta(days=offset),
            is_open=is_open,
            reason=reason.strip()[:100],
            **hours,
        )
        for offset in range((last - first).days + 1)
    ]
    _refuse_taken(institution, first, last)
    CalendarDay.objects.bulk_create(days)
    ledger.record(
        "calendar.days_added",
        by=by,
        subject=institution,
        institution_id=institution.pk,
        first=str(first),
        last=str(last),
        is_open=is_open,
    )
    return days


@transaction.atomic
def remove_calendar_day(*, calendar_day: CalendarDay, by: Any) -> None:
    """Take an exception back; days that have passed stay, since clocks have counted them."""
    policies.insist(policies.may_edit_institution(by, calendar_day.institution))
    if calendar_day.day < timezone.localdate():
        raise DomainError(
            "day_has_passed",
            _("Past days stay as they were: clocks have already counted them."),
        )
    ledger.record(
        "calendar.day_removed",
        by=by,
        subject=calendar_day.institution,
        institution_id=calendar_day.institution_id,
        day=str(calendar_day.day),
    )
    calendar_day.delete()


def _check(
    first: date,
    last: date,
    is_open: bool,
    opens_at: time | None,
    closes_at: time | None,
    reason: str,
) -> None:
    """ValidationError with every fault at its field."""
    errors = rules.calendar_errors(
        first=first,
        last=last,
        today=timezone.localdate(),
        is_open=is_open,
        opens_at=opens_at,
        closes_at=closes_at,
    )
    if not reason.strip():
        errors["reason"] = _("Say why, so that others understand the calendar.")
    if errors:
        raise ValidationError(errors)


def _refuse_taken(institution: Institution, first: date, last: date) -> None:
    """Say which day already has an exception; serialised by the institution's row."""
    Institution.objects.select_for_update().get(pk=institution.pk)
    taken = (
        CalendarDay.objects.filter(institution=institution, day__range=(first, last))
        .order_by("day")
        .first()
    )
    if taken is not None:
        message = _("%(day)s already has an exception: %(reason)s. Remove it first.")
        details = {"day": date_format(taken.day, "DATE_FORMAT"), "reason": taken.reason}
        raise ValidationError({"first": message % details})
