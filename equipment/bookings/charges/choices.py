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


class Standing(TextChoices):
    """How far a month between two houses is settled."""

    RUNNING = "running", pgettext_lazy("month", "Still running")
    OPEN = "open", pgettext_lazy("month", "To be confirmed")
    PAYER = "payer", pgettext_lazy("month", "Confirmed by the payer")
    PAYEE = "payee", pgettext_lazy("month", "Confirmed by the payee")
    AGREED = "agreed", pgettext_lazy("month", "Confirmed by both")
    PAID = "paid", pgettext_lazy("month", "Paid")
