"""Rules of tours as pure functions: periods, stops within them, numbers of places."""

import re
import unicodedata
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

Period = tuple[datetime, datetime]
LONGEST = timedelta(days=31)
# What people write between the figures of a number, and the days that are no part of one.
_GAP = r"[\s\-\u2010-\u2015\u2212·]{0,2}"
_DATE = re.compile(r"(?:19|20)\d\d[-./年](?:0?[1-9]|1[0-2])[-./月](?:[12]\d|3[01]|0?[1-9])(?!\d)")
# The ID number of a resident: by its length alone where it is written in one, else by the code of
# the province and the birth date that it holds; and the old one of 15 figures.
_PROVINCE = r"(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]|91)"
_ID = re.compile(r"\d{17}[\dXx]")
_ID_APART = re.compile(_PROVINCE + r"\d{4}(?:19|20)\d\d(?:0[1-9]|1[0-2])[0-3]\d{4}[\dXx]")
_ID_OLD = re.compile(rf"(?<!\d){_PROVINCE}\d{{6}}(?:0[1-9]|1[0-2])[0-3]\d{{4}}(?!\d)")
_APART = re.compile(rf"(?<=\d){_GAP}(?=[\dXx])")
# A mobile telephone; one of a house with the code of its town; one of a service.
_TELEPHONE = re.compile(
    rf"(?<!\d)(?:(?:00)?86{_GAP})?1{_GAP}[3-9](?:{_GAP}\d){{9}}(?!\d)"
    rf"|(?<!\d)0(?:10|2\d|[3-9]\d\d)\)?{_GAP}[2-9](?:{_GAP}\d){{6,7}}(?!\d)"
    rf"|(?<!\d)[48]00{_GAP}\d{{3}}{_GAP}\d{{4}}(?!\d)"
)


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
    return {name: words for name, text in texts.items() if is_secret(text)}


def is_secret(text: str) -> bool:
    """Whether an ID number or a telephone stands anywhere in a text, however it is written."""
    plain = unicodedata.normalize("NFKC", text)
    joined = _APART.sub("", plain)
    told = _DATE.sub("#", plain)
    return any(
        (
            _ID.search(plain),
            _ID_APART.search(joined),
            _ID_OLD.search(joined),
            _TELEPHONE.search(told),
        )
    )


def next_number(taken: Collection[int]) -> int:
    """The lowest number that nobody has."""
    numbers = set(taken)
    return next(number for number in range(1, len(numbers) + 2) if number not in numbers)
