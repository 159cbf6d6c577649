"""Words of service."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class PlanKind(TextChoices):
    """What is done again and again to keep a device fit for use."""

    STATUTORY = "statutory", _("Statutory calibration")
    ROUTINE = "routine", _("Routine calibration")
    PREVENTIVE = "preventive", _("Preventive maintenance")


class FirstDue(TextChoices):
    """Where the first due day of a plan comes from."""

    CHOSEN = "chosen", pgettext_lazy("first due", "Chosen by the keeper")
    LAST = "last", pgettext_lazy("first due", "From the last one before the registration")
    FIRST_DAY = "first_day", pgettext_lazy("first due", "From the first day of use")
    UNKNOWN = "unknown", pgettext_lazy("first due", "The last one is not known")


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
    CONDITION = "condition", pgettext_lazy("outage", "Came back not fit for use")
    OTHER = "other", pgettext_lazy("outage", "Other")


# What a keeper may announce by hand; the others come from what happened.
ANNOUNCED = (OutageReason.PLANNED, OutageReason.OTHER)
# What a keeper may end by hand; the others end with what caused them.
ENDED_BY_HAND = (*ANNOUNCED, OutageReason.CONDITION)


class Status(TextChoices):
    """Where a work order stands."""

    REPORTED = "reported", pgettext_lazy("work order", "Reported")
    ASSIGNED = "assigned", pgettext_lazy("work order", "Assigned")
    IN_REPAIR = "in_repair", pgettext_lazy("work order", "In repair")
    TESTED = "tested", pgettext_lazy("work order", "Tested")
    RETURNED = "returned", pgettext_lazy("work order", "Back in use")
    RETIRED = "retired", pgettext_lazy("work order", "Device retired")
    CANCELLED = "cancelled", pgettext_lazy("work order", "Cancelled")


OPEN = (Status.REPORTED, Status.ASSIGNED, Status.IN_REPAIR, Status.TESTED)


class Symptom(TextChoices):
    """What is wrong with a device, in one tap; its words begin the description."""

    DEAD = "dead", pgettext_lazy("symptom", "Does not start")
    PICTURE = "picture", pgettext_lazy("symptom", "Picture or reading wrong")
    ALARM = "alarm", pgettext_lazy("symptom", "Alarm or error message")
    LEAK = "leak", pgettext_lazy("symptom", "Leaks, smells or overheats")
    SHOCK = "shock", pgettext_lazy("symptom", "Gives shocks or sparks")
    PART = "part", pgettext_lazy("symptom", "Part broken or missing")


class Move(TextChoices):
    """What happens to a work order."""

    ASSIGN = "assign", pgettext_lazy("work order", "Assign")
    START = "start", pgettext_lazy("work order", "Begin the repair")
    TEST = "test", pgettext_lazy("work order", "Repaired and tested")
    FAIL = "fail", pgettext_lazy("work order", "Not in order yet")
    RETURN = "return", pgettext_lazy("work order", "Bring back into use")
    STOP = "stop", pgettext_lazy("work order", "Take out of use")
    NOTE = "note", pgettext_lazy("work order", "Add a note or a file")
    RETIRE = "retire", pgettext_lazy("work order", "Retire the device")
    CANCEL = "cancel", pgettext_lazy("work order", "Cancel the report")
    REOPEN = "reopen", pgettext_lazy("work order", "Go on with the repair")


class Side(TextChoices):
    """Who makes a move."""

    KEEPER = "keeper", pgettext_lazy("work order", "Keeper of the institution")
    EITHER = "either", pgettext_lazy("work order", "Keeper, or who reported it")


class RecallLevel(TextChoices):
    """How grave a recall is (医疗器械召回管理办法)."""

    FIRST = "1", _("Class I: serious harm possible")
    SECOND = "2", _("Class II: temporary or reversible harm")
    THIRD = "3", _("Class III: harm unlikely")


class RecallOutcome(TextChoices):
    """What became of a recalled device."""

    MENDED = "mended", pgettext_lazy("recall", "Put right by the maker")
    UNAFFECTED = "unaffected", pgettext_lazy("recall", "Checked: not affected")
    REMOVED = "removed", pgettext_lazy("recall", "Given back or destroyed")


class Harm(TextChoices):
    """What a device did to people, or might have, which says by when it must be reported."""

    DEATH = "death", pgettext_lazy("adverse event", "Death")
    SERIOUS = (
        "serious",
        pgettext_lazy("adverse event", "Serious injury; or death or serious injury was possible"),
    )
    OTHER = "other", pgettext_lazy("adverse event", "Other harm: slight or passing")
    POTENTIAL = "potential", pgettext_lazy("adverse event", "No harm, but other harm was possible")
    GROUP = "group", pgettext_lazy("adverse event", "Group event")
