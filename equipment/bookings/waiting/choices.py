"""Words of the waiting list."""

from typing import Final

from django.db.models import TextChoices
from django.utils.translation import pgettext_lazy


class EntryState(TextChoices):
    """How somebody stands on the waiting list."""

    WAITING = "waiting", pgettext_lazy("waiting list", "Waiting")
    OFFERED = "offered", pgettext_lazy("waiting list", "A time is offered")
    BOOKED = "booked", pgettext_lazy("waiting list", "Booked")
    LEFT = "left", pgettext_lazy("waiting list", "Left the list")
    UNANSWERED = "unanswered", pgettext_lazy("waiting list", "Offers not answered")
    OVER = "over", pgettext_lazy("waiting list", "The time is over")


# Who still waits, with or without an offer.
ON_THE_LIST: Final = (EntryState.WAITING, EntryState.OFFERED)


class Answer(TextChoices):
    """What came of an offer."""

    OPEN = "open", pgettext_lazy("offer", "Waits for an answer")
    ACCEPTED = "accepted", pgettext_lazy("offer", "Accepted")
    LET_GO = "let_go", pgettext_lazy("offer", "Let go")
    UNANSWERED = "unanswered", pgettext_lazy("offer", "Not answered in time")
    GONE = "gone", pgettext_lazy("offer", "No longer to be had")
