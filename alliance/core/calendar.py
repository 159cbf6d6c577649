"""Working time: how long a clock has run, and when it runs out.

Pure arithmetic over opening hours, an institution's own exceptions and the public holidays with
their make-up working days (国务院办公厅 yearly notice, from the package ``chinesecalendar``). Policy
says how many minutes; this module says when they are over.

How it is counted:

* Periods are half-open: a moment at closing time is closed, a moment at opening time is open.
* Adding gives the **earliest** moment at which that much working time has passed, so 60 minutes
  from 11:00 end at 12:00 and not at the afternoon's opening; adding nothing moves nothing.
* Hours are wall-clock hours of the institution's zone. China has kept one offset since 1991; in a
  zone with daylight saving a minute on the wall would count as a minute.
* A day is decided by the first that speaks: own exception, public holiday, make-up working day,
  weekday. Days cost nothing: any span is answered by prefix sums and bisection.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from itertools import accumulate, pairwise
from typing import Final
from zoneinfo import ZoneInfo

from chinese_calendar import constants

MINUTES_A_DAY: Final = 24 * 60
DAYS_A_WEEK: Final = 7
_MICROSECONDS: Final = 60_000_000

_HOLIDAYS: Final[frozenset[date]] = frozenset(constants.holidays)
_MAKE_UP_DAYS: Final[frozenset[date]] = frozenset(constants.workdays)
_KNOWN_YEARS: Final[frozenset[int]] = frozenset(day.year for day in _HOLIDAYS)


def holidays_known(year: int) -> bool:
    """Whether the year's public holidays are in the table (2004 to 2026 in chinesecalendar 1.11).

    The State Council announces a year's holidays in the November before. Until the package has
    them, days of that year follow the weekdays alone; whoever shows a due time in such a year
    should say that it may move, and an institution can bridge the gap with its own exceptions.
    """
    return year in _KNOWN_YEARS


class NoWorkingTime(ValueError):
    """The hours never open again, so the moment asked for does not exist."""


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """A part of a day in minutes after midnight, ``[start, end)``; the end may be 24:00."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end <= MINUTES_A_DAY:
            raise ValueError(f"not a period of one day: {self.start}-{self.end}")

    def __str__(self) -> str:
        return f"{_clock(self.start)}-{_clock(self.end)}"

    @property
    def minutes(self) -> int:
        """Length in minutes."""
        return self.end - self.start


Periods = tuple[Period, ...]
WHOLE_DAY: Final[Periods] = (Period(0, MINUTES_A_DAY),)


def _checked(periods: Iterable[Period]) -> Periods:
    """Periods in order and apart, else an error."""
    found = tuple(periods)
    if any(earlier.end > later.start for earlier, later in pairwise(found)):
        raise ValueError("periods overlap or are out of order")
    return found


def parse_periods(text: str) -> Periods:
    """``"08:00-12:00 14:00-17:30"`` to periods; commas or blanks between, 24:00 allowed at the end."""
    parts = text.replace("，", ",").replace("：", ":").replace(",", " ").split()
    return _checked(Period(*_bounds(part)) for part in parts)


def format_periods(periods: Periods) -> str:
    """The text that ``parse_periods`` reads; empty for a closed day."""
    return " ".join(str(period) for period in periods)


@dataclass(frozen=True, slots=True)
class WorkingHours:
    """Periods for each weekday, Monday first, in one zone."""

    week: tuple[Periods, ...]
    zone: str = "Asia/Shanghai"
    observes_holidays: bool = True

    def __post_init__(self) -> None:
        if len(self.week) != DAYS_A_WEEK:
            raise ValueError("a week has seven days")
        for periods in self.week:
            _checked(periods)

    @classmethod
    def weekdays(cls, periods: Periods, *, days: Iterable[int] = range(5)) -> WorkingHours:
        """The same periods on each of these weekdays (0 is Monday), closed on the others."""
        open_days = frozenset(days)
        week = tuple(periods if day in open_days else () for day in range(DAYS_A_WEEK))
        return cls(week=week)

    @classmethod
    def parse(cls, week: Mapping[int, str], *, observes_holidays: bool = True) -> WorkingHours:
        """From ``{weekday: "08:00-12:00 14:00-17:30"}``; a weekday left out is closed."""
        return cls(
            week=tuple(parse_periods(week.get(day, "")) for day in range(DAYS_A_WEEK)),
            observes_holidays=observes_holidays,
        )

    @property
    def working_day(self) -> Periods:
        """Periods of an ordinary working day: the first weekday that has any. Used for make-up days."""
        return next((periods for periods in self.week if periods), ())


ALWAYS_OPEN: Final = WorkingHours(week=(WHOLE_DAY,) * DAYS_A_WEEK, observes_holidays=False)
"""Emergency desks and green channels: every minute counts."""


@dataclass(frozen=True, slots=True)
class DayException:
    """One day that an institution decides for itself.

    Open without periods means the hours of an ordinary working day.
    """

    day: date
    is_open: bool
    periods: Periods = ()

    def __post_init__(self) -> None:
        _checked(self.periods)
        if self.periods and not self.is_open:
            raise ValueError("a closed day has no periods")


@dataclass(frozen=True)
class WorkingCalendar:
    """Hours and exceptions made ready for questions; get one from ``calendar_for``."""

    hours: WorkingHours
    exceptions: tuple[DayException, ...] = ()
    _special: dict[date, Periods] = field(init=False, repr=False, compare=False)
    _ordinals: list[int] = field(init=False, repr=False, compare=False)
    _shifts: list[int] = field(init=False, repr=False, compare=False)
    _before_weekday: list[int] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        special = _special_days(self.hours, self.exceptions)
        days = sorted(special)
        shifts = (_total(special[day]) - _total(self.hours.week[day.weekday()]) for day in days)
        week = (_total(periods) for periods in self.hours.week)
        # Written past the frozen guard once, before anybody sees the object.
        object.__setattr__(self, "_special", special)
        object.__setattr__(self, "_ordinals", [day.toordinal() for day in days])
        object.__setattr__(self, "_shifts", list(accumulate(shifts, initial=0)))
        object.__setattr__(self, "_before_weekday", list(accumulate(week, initial=0)))

    def periods_on(self, day: date) -> Periods:
        """Opening periods of a day, empty when closed."""
        special = self._special.get(day)
        return self.hours.week[day.weekday()] if special is None else special

    def is_open_at(self, moment: datetime) -> bool:
        """Whether a clock runs at this moment."""
        local = self._local(moment)
        minute = local.hour * 60 + local.minute
        return any(p.start <= minute < p.end for p in self.periods_on(local.date()))

    def time_between(self, start: datetime, end: datetime) -> timedelta:
        """Exact working time from start to end; negative when the end is earlier. Additive."""
        worked = self._worked(self._local(end)) - self._worked(self._local(start))
        return timedelta(microseconds=worked)

    def minutes_between(self, start: datetime, end: datetime) -> int:
        """Whole working minutes from start to end; a begun minute does not count."""
        if end < start:
            return -self.minutes_between(end, start)
        return self.time_between(start, end) // timedelta(minutes=1)

    def add_minutes(self, start: datetime, minutes: int) -> datetime:
        """Earliest moment by which so many working minutes have passed since start."""
        if minutes <= 0:
            return _nothing_or_error(start, minutes)
        local = self._local(start)
        target = self._worked(local) + minutes * _MICROSECONDS
        low = local.toordinal()  # worked before this day is less than the target
        high = self._first_day_reaching(low, target)
        while high - low > 1:
            middle = (low + high) // 2
            if self._minutes_before(middle) * _MICROSECONDS < target:
                low = middle
            else:
                high = middle
        rest = target - self._minutes_before(low) * _MICROSECONDS
        return self._moment(low, rest, closing=True, like=start)

    def subtract_minutes(self, end: datetime, minutes: int) -> datetime:
        """Latest moment from which so many working minutes are left until the end."""
        if minutes <= 0:
            return _nothing_or_error(end, minutes)
        local = self._local(end)
        target = self._worked(local) - minutes * _MICROSECONDS
        low, high = date.min.toordinal(), local.toordinal() + 1
        if target < self._minutes_before(low) * _MICROSECONDS:
            raise NoWorkingTime("there were never so many working minutes before")
        while high - low > 1:
            middle = (low + high) // 2
            if self._minutes_before(middle) * _MICROSECONDS <= target:
                low = middle
            else:
                high = middle
        rest = target - self._minutes_before(low) * _MICROSECONDS
        return self._moment(low, rest, closing=False, like=end)

    def _local(self, moment: datetime) -> datetime:
        """The wall clock of the institution, without zone."""
        if moment.tzinfo is None:
            raise ValueError("working time needs an aware datetime")
        return moment.astimezone(ZoneInfo(self.hours.zone)).replace(tzinfo=None)

    def _minutes_before(self, ordinal: int) -> int:
        """Working minutes of all days before this one."""
        weeks, weekday = divmod(ordinal - 1, DAYS_A_WEEK)  # ordinal 1 is a Monday
        regular = weeks * self._before_weekday[-1] + self._before_weekday[weekday]
        return regular + self._shifts[bisect_left(self._ordinals, ordinal)]

    def _worked(self, local: datetime) -> int:
        """Working microseconds from the beginning of the calendar to a wall-clock moment."""
        midnight = datetime.combine(local, time())
        passed = (local - midnight) // timedelta(microseconds=1)
        today = sum(
            min(max(passed - period.start * _MICROSECONDS, 0), period.minutes * _MICROSECONDS)
            for period in self.periods_on(local.date())
        )
        return self._minutes_before(local.toordinal()) * _MICROSECONDS + today

    def _first_day_reaching(self, ordinal: int, target: int) -> int:
        """Some day, found in doubling steps, before which the target has been worked."""
        step, last = 1, date.max.toordinal()
        while ordinal + step <= last:
            if self._minutes_before(ordinal + step) * _MICROSECONDS >= target:
                return ordinal + step
            step *= 2
        raise NoWorkingTime("the hours do not open often enough")

    def _moment(self, ordinal: int, rest: int, *, closing: bool, like: datetime) -> datetime:
        """The moment in a day after so much of its working time.

        Where that falls between two periods, ``closing`` takes the end of the first, otherwise the
        beginning of the second.
        """
        day = date.fromordinal(ordinal)
        periods = self.periods_on(day)
        ends = accumulate(period.minutes * _MICROSECONDS for period in periods)
        period, left = next(
            (period, end - rest)
            for period, end in zip(periods, ends, strict=True)
            if rest < end or (closing and rest == end)
        )
        wall = datetime.combine(day, time()) + timedelta(minutes=period.end, microseconds=-left)
        return wall.replace(tzinfo=ZoneInfo(self.hours.zone)).astimezone(like.tzinfo)


@lru_cache(maxsize=1024)
def _cached_calendar(hours: WorkingHours, exceptions: tuple[DayException, ...]) -> WorkingCalendar:
    return WorkingCalendar(hours, exceptions)


def calendar_for(hours: WorkingHours, exceptions: Sequence[DayException] = ()) -> WorkingCalendar:
    """The calendar of these hours and exceptions, made once and kept."""
    return _cached_calendar(hours, tuple(exceptions))


def add_working_minutes(
    start: datetime,
    minutes: int,
    hours: WorkingHours = ALWAYS_OPEN,
    exceptions: Sequence[DayException] = (),
) -> datetime:
    """Earliest moment by which so many working minutes have passed since an aware moment."""
    return calendar_for(hours, exceptions).add_minutes(start, minutes)


def subtract_working_minutes(
    end: datetime,
    minutes: int,
    hours: WorkingHours = ALWAYS_OPEN,
    exceptions: Sequence[DayException] = (),
) -> datetime:
    """Latest moment from which so many working minutes are left until an aware moment."""
    return calendar_for(hours, exceptions).subtract_minutes(end, minutes)


def working_minutes_between(
    start: datetime,
    end: datetime,
    hours: WorkingHours = ALWAYS_OPEN,
    exceptions: Sequence[DayException] = (),
) -> int:
    """Whole working minutes between two aware moments; negative when the end is earlier."""
    return calendar_for(hours, exceptions).minutes_between(start, end)


def working_time_between(
    start: datetime,
    end: datetime,
    hours: WorkingHours = ALWAYS_OPEN,
    exceptions: Sequence[DayException] = (),
) -> timedelta:
    """Exact working time between two aware moments; parts of a span add up to the whole."""
    return calendar_for(hours, exceptions).time_between(start, end)


def _special_days(hours: WorkingHours, exceptions: tuple[DayException, ...]) -> dict[date, Periods]:
    """Every day that does not follow its weekday, with what it has instead; later entries win."""
    special: dict[date, Periods] = {}
    if hours.observes_holidays:
        special |= dict.fromkeys(_MAKE_UP_DAYS, hours.working_day)
        special |= dict.fromkeys(_HOLIDAYS, ())
    for exception in exceptions:
        usual = hours.working_day if exception.is_open else ()
        special[exception.day] = exception.periods or usual
    return special


def _total(periods: Periods) -> int:
    return sum(period.minutes for period in periods)


def _bounds(text: str) -> tuple[int, int]:
    start, separator, end = text.partition("-")
    if not separator:
        raise ValueError(f"a period is written 08:00-12:00, not {text!r}")
    return _minute(start), _minute(end)


def _minute(text: str) -> int:
    if text == "24:00":
        return MINUTES_A_DAY
    at = time.fromisoformat(text)
    return at.hour * 60 + at.minute


def _clock(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"


def _nothing_or_error(moment: datetime, minutes: int) -> datetime:
    if minutes < 0:
        raise ValueError("minutes cannot be negative: add and subtract are two functions")
    if moment.tzinfo is None:
        raise ValueError("working time needs an aware datetime")
    return moment
