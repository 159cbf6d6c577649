"""Arithmetic of devices: ages and lives. Pure."""

from datetime import date


def years_between(since: date, on: date) -> int:
    """Whole years from one day to another, as birthdays count; none before the first."""
    years = on.year - since.year - ((on.month, on.day) < (since.month, since.day))
    return max(years, 0)


def after_years(since: date, years: int) -> date:
    """The same day so many years later; 1 March where there is no 29 February."""
    try:
        return since.replace(year=since.year + years)
    except ValueError:
        return date(since.year + years, 3, 1)
