"""Words of charges."""

from django.db.models import TextChoices
from django.utils.translation import pgettext_lazy


class PricedBy(TextChoices):
    """Whose price counts: that shown when it was booked, or that of the list on the day of use."""

    AGREED = "agreed", pgettext_lazy("price", "As shown when it was booked")
    LISTED = "listed", pgettext_lazy("price", "Of the list on the day of use")


class TimedBy(TextChoices):
    """Which time is paid."""

    REAL = "real", pgettext_lazy("time paid", "The real use")
    BOOKED = "booked", pgettext_lazy("time paid", "The time booked")
    LONGER = "longer", pgettext_lazy("time paid", "The longer of the two")
