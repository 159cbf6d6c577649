"""Rules about learning: facts in, answers out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _


def year_of(on: date) -> tuple[date, date]:
    """The calendar year that holds a day, half-open."""
    return date(on.year, 1, 1), date(on.year + 1, 1, 1)


def needed_by(on: date, *, yearly: int, grace_days: int) -> int:
    """How much of what a year asks for is due at the end of a day, in whole units.

    It grows evenly from the end of the grace days at the beginning of the year; on the last day
    all of it is due.
    """
    begin, end = year_of(on)
    counted = (end - begin).days - grace_days
    elapsed = (on - begin).days + 1 - grace_days
    return yearly * elapsed // counted if elapsed > 0 else 0


def may_be_done_at(opened_at: datetime, *, minutes: int, share_percent: int) -> datetime:
    """When somebody who opened a part can have worked through it."""
    return opened_at + timedelta(seconds=minutes * 60 * share_percent / 100)


@dataclass(frozen=True, slots=True)
class Window:
    """When a session takes people in."""

    opens_at: datetime
    closes_at: datetime

    def holds(self, moment: datetime) -> bool:
        """Whether people may check in at a moment."""
        return self.opens_at <= moment <= self.closes_at


def check_in_window(
    starts_at: datetime, ends_at: datetime, *, before_minutes: int, after_minutes: int
) -> Window:
    """From some minutes before the start until some minutes after the end."""
    return Window(
        starts_at - timedelta(minutes=before_minutes), ends_at + timedelta(minutes=after_minutes)
    )


def session_errors(
    *, starts_at: datetime, ends_at: datetime, seats: int, taken: int, now: datetime
) -> dict[str, str]:
    """What is wrong with a session that is planned or changed, by field."""
    errors = {}
    if starts_at <= now:
        errors["starts_at"] = _("Choose a time that is still to come.")
    if ends_at <= starts_at:
        errors["ends_at"] = _("The end must be after the start.")
    elif ends_at - starts_at > timedelta(days=31):
        errors["ends_at"] = _("A session lasts at most a month. Divide it.")
    if seats < max(taken, 1):
        message = _("%(taken)s seats are taken. Offer at least as many.")
        errors["seats"] = message % {"taken": max(taken, 1)}
    return errors


def claim_errors(*, on: date, hours: float, today: date, most: int) -> dict[str, str]:
    """What is wrong with hours that somebody claims, by field."""
    errors = {}
    if on > today:
        errors["on"] = _("Enter what has happened already.")
    if not 0 < hours <= most:
        errors["hours"] = _("Enter more than 0 and at most %(most)s hours.") % {"most": most}
    return errors
