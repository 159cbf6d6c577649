"""Pure rules of admission: what an application must say, periods, the filing deadline."""

from calendar import monthrange
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from alliance.core.calendar import WHOLE_DAY, WorkingHours, calendar_for

_WORKING_DAYS = calendar_for(WorkingHours.weekdays(WHOLE_DAY))


def submission_errors(values: Iterable[int | None]) -> dict[str, Any]:
    """Why an application cannot go to the office yet: `{field: sentence}`."""
    if any(value is None for value in values):
        return {"answers": _("Answer every requirement, those that are not met as well.")}
    return {}


def decision_errors(
    *,
    unmet: int,
    conditions: str,
    valid_from: date | None,
    valid_until: date | None,
    submitted_on: date,
) -> dict[str, Any]:
    """Why an admission cannot be decided so: `{field: sentence}`."""
    if valid_from is None:
        return {"valid_from": _("Say from which day on it counts.")}
    if valid_from < submitted_on:
        return {"valid_from": _("It cannot count before the application was submitted.")}
    if valid_until is not None and valid_until <= valid_from:
        return {"valid_until": _("The end must be after the start.")}
    if unmet and not conditions.strip():
        return {"conditions": _("A requirement is not met: say under which conditions it is done.")}
    return {}


def suspension_errors(
    *, valid_from: date | None, valid_until: date | None, stop_condition: str, on: date
) -> dict[str, Any]:
    """Why a suspension cannot be noted so: `{field: sentence}`."""
    if not stop_condition:
        return {"stop_condition": _("Choose what stops it.")}
    if valid_from is None or valid_from < on:
        return {"valid_from": _("A suspension begins today or later.")}
    if valid_until is not None and valid_until <= valid_from:
        return {"valid_until": _("The end must be after the start.")}
    return {}


def first_use_errors(
    *, used_on: date | None, valid_from: date | None, valid_until: date | None, on: date
) -> dict[str, Any]:
    """Why a first use cannot be noted so: `{field: sentence}`."""
    if used_on is None or used_on > on:
        return {"first_used_on": _("The first use is today or earlier.")}
    late = valid_until is not None and used_on >= valid_until
    if valid_from is None or used_on < valid_from or late:
        return {"first_used_on": _("The institution was not admitted on that day.")}
    return {}


def filing_errors(
    *, filed_on: date | None, number: str, first_used_on: date, on: date
) -> dict[str, Any]:
    """Why a filing cannot be noted so: `{field: sentence}`."""
    if filed_on is None or filed_on > on:
        return {"filed_on": _("The filing is of today or earlier.")}
    if filed_on < first_used_on:
        return {"filed_on": _("It cannot be filed before the first use.")}
    if not number.strip():
        return {"filing_number": _("Enter the number that the authority gave.")}
    return {}


def filing_due(first_used_on: date, *, working_days: int) -> date:
    """The last of so many working days after the first use, by the national calendar.

    医疗技术临床应用管理办法: a restricted technique is filed within 15 working days.
    """
    day = first_used_on
    for _count in range(working_days):
        day += timedelta(days=1)
        while not _WORKING_DAYS.periods_on(day):
            day += timedelta(days=1)
    return day


def months_later(day: date, months: int) -> date:
    """The same day so many months later; the last of the month where that has no such day."""
    years, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(years, month + 1, min(day.day, monthrange(years, month + 1)[1]))
