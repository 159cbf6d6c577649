"""Words of tours."""

from django.db.models import TextChoices
from django.utils.translation import pgettext_lazy


class Status(TextChoices):
    """How a tour stands."""

    PLANNED = "planned", pgettext_lazy("tour", "Being planned")
    ANNOUNCED = "announced", pgettext_lazy("tour", "Announced")
    DONE = "done", pgettext_lazy("tour", "Done")
    CANCELLED = "cancelled", pgettext_lazy("tour", "Called off")


class Move(TextChoices):
    """What moves a tour on."""

    ANNOUNCE = "announce", pgettext_lazy("tour", "Announce")
    FINISH = "finish", pgettext_lazy("tour", "Finish")
    CANCEL = "cancel", pgettext_lazy("tour", "Call off")


class Act(TextChoices):
    """What the history of a tour tells."""

    PLAN = "plan", pgettext_lazy("tour", "Planned")
    CHANGE = "change", pgettext_lazy("tour", "Changed")
    ANNOUNCE = "announce", pgettext_lazy("tour", "Announced")
    FINISH = "finish", pgettext_lazy("tour", "Done")
    CANCEL = "cancel", pgettext_lazy("tour", "Called off")
    STOP_ADD = "stop_add", pgettext_lazy("tour", "Stop added")
    STOP_CHANGE = "stop_change", pgettext_lazy("tour", "Stop changed")
    STOP_CANCEL = "stop_cancel", pgettext_lazy("tour", "Stop called off")


class PlaceStatus(TextChoices):
    """Whether a place is taken."""

    BOOKED = "booked", pgettext_lazy("tour", "Booked")
    CANCELLED = "cancelled", pgettext_lazy("tour", "Given up")


# While a tour stands at one of these, its vehicle and devices are nobody else's.
HOLDING = (Status.PLANNED, Status.ANNOUNCED)
