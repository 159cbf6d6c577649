"""Rules of tours as pure functions: periods, stops within them, numbers of places."""

import re
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

Period = tuple[datetime, datetime]
LONGEST = timedelta(days=31)
# An ID number of a resident or a mobile telephone, also in groups of figures.
_SECRET = re.compile(r"(?<!\d)(?:\d{17}[\dXx]|(?:86)?1[3-9]\d{9})(?!\d)")
_APART = re.compile(r"(?<=\d)[ -](?=\d)")


def period_errors(period: Period, *, stops: Iterable[Period], at: datetime) -> dict[str, str]:
    """What is wrong with the time of a tour, by field."""
    since, until = period
    if until <= since:
        return {"ends_at": _("The end must be after the start.")}
    if until <= at:
        return {"ends_at": _("A tour is planned for days to come.")}
    if until - since > LONGEST:
        most = {"days": LONGEST.days}
        return {"ends_at": _("A tour lasts %(days)s days at most. Plan another.") % most}
    errors = {}
    for from_, to in stops:
        if from_ < since:
            errors["starts_at"] = _("A stop begins before that. Move or call off the stop first.")
        if to > until:
            errors["ends_at"] = _("A stop ends after that. Move or call off the stop first.")
    return errors


def stop_errors(
    stop: Period, *, tour: Period, capacity: int, taken: int, at: datetime
) -> dict[str, str]:
    """What is wrong with the time and the places of a stop, by field."""
    since, until = stop
    errors = {}
    if until <= since:
        errors["ends_at"] = _("The end must be after the start.")
    elif until > tour[1]:
        errors["ends_at"] = _("The tour is over by then.")
    if since < tour[0]:
        errors["starts_at"] = _("The tour has not begun by then.")
    elif since <= at:
        errors["starts_at"] = _("A stop is planned for a time to come.")
    if capacity < max(taken, 1):
        least = {"count": max(taken, 1)}
        errors["capacity"] = _("Offer at least %(count)s: so many are taken, or one.") % least
    return errors


def secret_errors(**texts: str) -> dict[str, str]:
    """Texts of a place with an ID number or a telephone, by field: the list is seen by others."""
    words = _("Leave out ID number and telephone: the list is seen by others too.")
    return {name: words for name, text in texts.items() if _SECRET.search(_APART.sub("", text))}


def next_number(taken: Collection[int]) -> int:
    """The lowest number that nobody has."""
    numbers = set(taken)
    return next(number for number in range(1, len(numbers) + 2) if number not in numbers)
