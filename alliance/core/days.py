"""Days that somebody can have meant: a slip of the keyboard lies in the year 202 or 20266.

One validator for forms, the API, Excel and every row that an action stores. The bounds are wide:
what a day means in its place (not to come, not before the plan) each room asks by itself.
"""

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

# Nobody who practises now was born before; papers "without an end" are written until the last.
FIRST, LAST = date(1900, 1, 1), date(2099, 12, 31)
IMPLAUSIBLE = _("Check the year: it has to lie between 1900 and 2099.")


def is_plausible(value: date) -> bool:
    """Whether somebody can have meant this day or moment."""
    if isinstance(value, datetime):
        try:
            value = timezone.localtime(value) if timezone.is_aware(value) else value
        except OverflowError:
            return False
        return FIRST <= value.date() <= LAST
    return FIRST <= value <= LAST


def plausible(value: date) -> None:
    """Refuse a day or moment that nobody can have meant."""
    if not is_plausible(value):
        raise ValidationError(IMPLAUSIBLE, code="implausible_day")
