"""What is said of limits at the fields of forms: short, and with what was given.

Django's own sentences speak of variables and values, and their Chinese is that of programmers.
"""

from typing import Any

from django.core.validators import (
    DecimalValidator,
    MaxLengthValidator,
    MaxValueValidator,
    MinValueValidator,
)
from django.utils.translation import gettext_lazy as _


def say_it_plainly() -> None:
    """Give the validators of lengths and numbers our words."""
    MaxLengthValidator.message = _(
        "Write at most %(limit_value)d characters; these are %(show_value)d."
    )
    MinValueValidator.message = _("This may not be less than %(limit_value)s.")
    MaxValueValidator.message = _("This may not be more than %(limit_value)s.")
    digits: dict[str, Any] = {
        "max_digits": _("Write at most %(max)s digits in all."),
        "max_decimal_places": _("Write at most %(max)s digits after the decimal point."),
        "max_whole_digits": _("Write at most %(max)s digits before the decimal point."),
    }
    DecimalValidator.messages = {**DecimalValidator.messages, **digits}
