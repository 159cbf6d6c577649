"""Words of insights."""

from typing import Final

from django.db.models import TextChoices
from django.utils.translation import pgettext_lazy

from equipment.bookings.choices import Code


class Span(TextChoices):
    """How far back the numbers reach; the value is a number of days."""

    YEAR = "365", pgettext_lazy("insights", "One year")
    QUARTER = "90", pgettext_lazy("insights", "90 days")
    MONTH = "30", pgettext_lazy("insights", "30 days")


# What a further device would have granted; a missing privilege or a broken rule it would not.
WANTING: Final = (Code.TAKEN, Code.OUT, Code.RESERVED)
# A wish for such a time says nothing about devices.
NEVER: Final = (Code.PERIOD, Code.PAST, Code.TOO_LONG, Code.TOO_FAR)
# The longest time that numbers are asked about.
DAYS_MOST: Final = 366
