"""Words of service."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class PlanKind(TextChoices):
    """What is done again and again to keep a device fit for use."""

    STATUTORY = "statutory", _("Statutory calibration")
    ROUTINE = "routine", _("Routine calibration")
    PREVENTIVE = "preventive", _("Preventive maintenance")


class Result(TextChoices):
    """How a check ended."""

    PASSED = "passed", pgettext_lazy("device", "Passed")
    LIMITED = "limited", pgettext_lazy("device", "Passed with limits")
    FAILED = "failed", pgettext_lazy("device", "Failed")


# After these the device may be used until the check is due again.
GOOD_RESULTS = (Result.PASSED, Result.LIMITED)


class OutageReason(TextChoices):
    """Why a device is out of service for a time."""

    FAULT = "fault", pgettext_lazy("outage", "Fault")
    RECALL = "recall", pgettext_lazy("outage", "Recall")
    CHECK = "check", pgettext_lazy("outage", "Check not passed")
    EVENT = "event", pgettext_lazy("outage", "Adverse event")
    PLANNED = "planned", pgettext_lazy("outage", "Planned maintenance")
    OTHER = "other", pgettext_lazy("outage", "Other")
