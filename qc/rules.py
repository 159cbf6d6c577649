"""Rules about findings: facts in, answers out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from .choices import Standing

# Farther back the checks of one day say nothing that anybody could still mend.
_FARTHEST = timedelta(days=3660)


@dataclass(frozen=True, slots=True)
class Dates:
    """The dates of a finding, half-open: wrong on `[opened_on, cleared_on)`."""

    opened_on: date
    cleared_on: date | None = None
    waived_until: date | None = None


def standing(dates: Dates, on: date) -> Standing | None:
    """How a finding stands on a date; None before it was opened."""
    if on < dates.opened_on:
        return None
    if dates.cleared_on is not None and dates.cleared_on <= on:
        return Standing.CLEARED
    if dates.waived_until is not None and on < dates.waived_until:
        return Standing.WAIVED
    return Standing.OPEN


def day_error(day: date, *, on: date) -> str:
    """Why checks cannot be run for a day; empty where they can."""
    if day > on:
        return _("Choose today or an earlier day.")
    if day < on - _FARTHEST:
        return _("Choose a day of the last ten years.")
    return ""


def waiver_errors(
    *, reason: str, until: date | None, on: date, days_most: int, told: Callable[[date], str]
) -> dict[str, str]:
    """What is wrong with a waiver, by field: it says why, and it ends; `told` words a day."""
    errors = {}
    if not reason.strip():
        errors["reason"] = _("Say why this may stay as it is.")
    latest = on + timedelta(days=days_most)
    if until is None or not on < until <= latest:
        message = _("Choose a day after today, up to %(latest)s.")
        errors["until"] = message % {"latest": told(latest)}
    return errors
