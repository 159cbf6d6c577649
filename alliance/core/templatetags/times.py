"""Moments, durations and running clocks in words."""

from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

register = template.Library()


class ClockLevel(StrEnum):
    """How a clock looks; words, colour and icon follow from it."""

    GREEN = "green"
    AMBER = "amber"
    RED = "red"
    PAUSED = "paused"
    DONE = "done"


def clock_level(
    *,
    due: datetime,
    now: datetime,
    warn: datetime | None = None,
    paused: bool = False,
    ended: datetime | None = None,
) -> ClockLevel:
    """Late is red, past its warning time amber; a stopped clock shows neither hurry nor calm."""
    if ended is not None:
        return ClockLevel.RED if ended > due else ClockLevel.DONE
    if paused:
        return ClockLevel.PAUSED
    if now >= due:
        return ClockLevel.RED
    if warn is not None and now >= warn:
        return ClockLevel.AMBER
    return ClockLevel.GREEN


def clock_words(
    *, due: datetime, now: datetime, paused: bool = False, ended: datetime | None = None
) -> str:
    """还剩 1 小时 12 分 · 超时 4 分钟 · 暂停计时 · 按时完成."""
    if ended is not None:
        if ended > due:
            return _("Done %(time)s late") % {"time": duration(ended - due)}
        return _("Done in time")
    if paused:
        return _("Clock paused")
    if now >= due:
        return _("%(time)s overdue") % {"time": duration(now - due)}
    return _("%(time)s left") % {"time": duration(due - now)}


@register.inclusion_tag("components/clock.html")
def clock(
    due: datetime | None,
    warn: datetime | None = None,
    paused: bool = False,
    ended: datetime | None = None,
    holder: str = "",
) -> dict[str, Any]:
    """A running clock, complete without scripts; clock.js keeps it counting."""
    if not due:
        return {"due": None}
    # A variable that a template does not know arrives as an empty string.
    warn, ended, paused = warn or None, ended or None, bool(paused)
    now = timezone.now()
    return {
        "due": due,
        "warn": warn,
        "running": not paused and ended is None,
        "level": clock_level(due=due, now=now, warn=warn, paused=paused, ended=ended),
        "words": clock_words(due=due, now=now, paused=paused, ended=ended),
        "holder": holder,
    }


@register.filter
def duration(value: timedelta | None) -> str:
    """1 小时 12 分: the two largest units, regardless of sign."""
    if value is None:
        return ""
    total = int(abs(value).total_seconds() // 60)
    numbers = {"days": total // 1440, "hours": total % 1440 // 60, "minutes": total % 60}
    if numbers["days"]:
        pattern = _("%(days)d d %(hours)d h") if numbers["hours"] else _("%(days)d d")
    elif numbers["hours"]:
        pattern = _("%(hours)d h %(minutes)d min") if numbers["minutes"] else _("%(hours)d h")
    else:
        pattern = _("%(minutes)d min") if numbers["minutes"] else _("less than 1 min")
    return pattern % numbers


@register.filter
def when(value: datetime | None) -> str:
    """11月21日 09:02; the year appears only when it is another one."""
    if value is None:
        return ""
    local = timezone.localtime(value)
    this_year = local.year == timezone.localdate().year
    return date_format(local, "SHORT_DATETIME_FORMAT" if this_year else "DATETIME_FORMAT")


@register.filter
def day(value: date | datetime | None) -> str:
    """11月21日; the year appears only when it is another one."""
    if value is None:
        return ""
    local = _local_date(value)
    this_year = local.year == timezone.localdate().year
    return date_format(local, "SHORT_DATE_FORMAT" if this_year else "DATE_FORMAT")


_DASH = " \N{EN DASH} "


@register.filter
def day_until(first: date | datetime, last: date | datetime) -> str:
    """11月21日 to 11月23日; where the years differ, both say theirs: the last would look the earlier."""
    days = [_local_date(first), _local_date(last)]
    alike = days[0].year == days[1].year
    return _DASH.join(day(one) if alike else date_format(one, "DATE_FORMAT") for one in days)


@register.filter
def day_and_weekday(value: date | datetime | None) -> str:
    """11月21日 星期六."""
    return "" if value is None else f"{day(value)} {date_format(_local_date(value), 'l')}"


# Short enough for a button.
_SHORT = (
    pgettext_lazy("short weekday", "Mon"),
    pgettext_lazy("short weekday", "Tue"),
    pgettext_lazy("short weekday", "Wed"),
    pgettext_lazy("short weekday", "Thu"),
    pgettext_lazy("short weekday", "Fri"),
    pgettext_lazy("short weekday", "Sat"),
    pgettext_lazy("short weekday", "Sun"),
)


@register.filter
def short_weekday(value: date | datetime) -> str:
    """周六."""
    return str(_SHORT[_local_date(value).weekday()])


@register.filter
def short_day(value: date | datetime | None) -> str:
    """周六 11月21日."""
    return "" if value is None else f"{short_weekday(value)} {day(value)}"


@register.filter
def time_of_day(value: datetime | None) -> str:
    """09:02."""
    return "" if value is None else date_format(timezone.localtime(value), "TIME_FORMAT")


def _local_date(value: date | datetime) -> date:
    return timezone.localtime(value).date() if isinstance(value, datetime) else value


@register.simple_tag
def server_now() -> str:
    """The server's clock, so that scripts need not trust the device's."""
    return timezone.now().isoformat(timespec="milliseconds")
