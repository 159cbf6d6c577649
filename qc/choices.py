"""Words about checks and what they find."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class RunState(TextChoices):
    """Where one run of one check stands."""

    WAITING = "waiting", _("Waiting")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")


class Standing(TextChoices):
    """How a finding stands on a date: asked of its dates, never stored."""

    OPEN = "open", pgettext_lazy("finding", "Open")
    WAIVED = "waived", _("Waived")
    CLEARED = "cleared", _("Right again")


# How the codes of checks begin that keepers of devices can mend.
EQUIPMENT_ROOMS = ("service.", "bookings.", "configuration.")
