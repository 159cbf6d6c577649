"""Rules of service as pure functions: when checks are due, and for how long a device was down."""

import calendar
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.utils.translation import gettext as _

from .choices import FirstDue

Period = tuple[datetime, datetime | None]


def add_months(day: date, months: int) -> date:
    """The same day of a later month; the last one where that month is shorter."""
    index = day.month - 1 + months
    year, month = day.year + index // 12, index % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def first_due(
    begins: date, months: int, *, last: date | None, today: date, grace: int
) -> tuple[date, FirstDue]:
    """By when a device that comes onto the register is checked first, and why then.

    From the last check where that is known, even if it is overdue then; else from its first day;
    where that is too long ago for it, within so many days, none meaning at once.
    """
    if last is not None:
        return add_months(last, months), FirstDue.LAST
    due = add_months(begins, months)
    if due >= today:
        return due, FirstDue.FIRST_DAY
    return today + timedelta(days=grace), FirstDue.UNKNOWN


@dataclass(frozen=True)
class Done:
    """A check that a device has passed, and until when its certificate counts, if it says so."""

    done_on: date
    valid_until: date | None = None


def schedule(first_due: date, months: int, done: Sequence[Done]) -> tuple[list[date], date]:
    """By when each of these checks, in order of time, was due; and by when the next one is."""
    dues, due = [], first_due
    for one in done:
        dues.append(due)
        due = one.valid_until or add_months(one.done_on, months)
    return dues, due


def union(periods: Iterable[Period]) -> list[Period]:
    """The same time as periods that do not touch each other; an end of None is open."""
    merged: list[Period] = []
    for since, until in sorted(periods, key=lambda period: period[0]):
        if merged and (merged[-1][1] is None or since <= merged[-1][1]):
            before = merged[-1][1]
            end = None if before is None or until is None else max(before, until)
            merged[-1] = (merged[-1][0], end)
        else:
            merged.append((since, until))
    return merged


def down_within(periods: Iterable[Period], since: datetime, until: datetime) -> timedelta:
    """For how long of the time from `since` to `until` a device was down; nothing counts twice."""
    total = timedelta(0)
    for start, end in union(periods):
        begin, stop = max(start, since), until if end is None else min(end, until)
        total += max(stop - begin, timedelta(0))
    return total


def clock_of(harm: str) -> str:
    """The setting that says by when an adverse event must be reported."""
    kind = harm if harm in ("death", "group", "other", "potential") else "serious"
    return f"service.event.{kind}_hours"


def parted(
    parts: Decimal | None, labour: Decimal | None, whole: Decimal | None
) -> tuple[Decimal | None, Decimal | None, Decimal | None]:
    """What a repair cost: parts, labour, and both; as a whole alone where nobody told them apart."""
    if parts is None and labour is None:
        return None, None, whole
    parts, labour = parts or Decimal(0), labour or Decimal(0)
    return parts, labour, parts + labour


def is_out(condition: str, *, limited_stays: bool) -> bool:
    """Whether a device that came back in such a condition is not to be used as it is."""
    return condition == "poor" or (condition == "limited" and not limited_stays)


def event_errors(*, happened_at: datetime, known_at: datetime, now: datetime) -> dict[str, str]:
    """What is wrong with the moments of an adverse event, by field."""
    errors = {}
    if happened_at > now:
        errors["happened_at"] = _("This is still to come.")
    if known_at > now:
        errors["known_at"] = _("This is still to come.")
    elif known_at < happened_at:
        errors["known_at"] = _("Nobody learns of it before it happened.")
    return errors


def done_errors(
    *, done_on: date, in_use_from: date, today: date, valid_until: date | None, passed: bool
) -> dict[str, str]:
    """What is wrong with the days of a check that was done, by field."""
    errors = {}
    if not in_use_from <= done_on <= today:
        errors["done_on"] = _("Choose a day from the device's first day of use to today.")
    if valid_until is not None and not passed:
        errors["valid_until"] = _("A failed check gives no validity: leave this empty.")
    elif valid_until is not None and valid_until <= done_on:
        errors["valid_until"] = _("A certificate counts beyond the day of the check.")
    return errors
