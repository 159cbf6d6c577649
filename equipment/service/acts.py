"""What this room records in the ledger, in words."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from alliance.core.acts import define
from equipment.devices.choices import Condition

from .choices import Harm, RecallOutcome, Result

define(
    {
        "outage.announced": _("Announced that a device will be down"),
        "outage.ended": _("Ended the time in which a device is down"),
        "work_order.report": _("Reported a fault"),
        "work_order.assign": _("Assigned a repair"),
        "work_order.start": _("Began a repair"),
        "work_order.test": _("Noted that a device is repaired and tested"),
        "work_order.fail": _("Noted that a repair has not succeeded yet"),
        "work_order.return": _("Brought a device back into use"),
        "work_order.stop": _("Took a device out of use"),
        "work_order.note": _("Added a note to a work order"),
        "work_order.retire": _("Retired a device beyond repair"),
        "work_order.cancel": _("Cancelled the report of a fault"),
        "work_order.reopen": _("Went on with a repair that had been closed"),
        "plan.made": _("Made a maintenance plan"),
        "plan.regular": _("Planned the regular checks of new devices"),
        "plan.changed": _("Changed a maintenance plan"),
        "plan.ended": _("Ended a maintenance plan"),
        "service.recorded": _("Recorded a calibration or maintenance"),
        "service.voided": _("Took back the record of a calibration or maintenance"),
        "recall.issued": _("Issued a recall"),
        "recall.handled": _("Dealt with a recalled device"),
        "recall.closed": _("Closed a recall"),
        "device_event.entered": _("Entered an adverse event with a device"),
        "device_event.amended": _("Amended an adverse event with a device"),
        "device_event.reported": _("Noted the report of an adverse event"),
        "device_event.closed": _("Closed the inquiry into an adverse event"),
    },
    names={
        "device": _("Device"),
        "vendor": _("Repair company"),
        "expected_on": _("Expected back on"),
        "work_done": _("What was done"),
        "cost": _("Cost in yuan"),
        "parts_cost": _("Parts in yuan"),
        "labour_cost": _("Labour in yuan"),
        "condition": _("Condition"),
        "condition_note": _("Remark on the condition"),
        "file": _("File"),
        "harm": pgettext_lazy("adverse event", "Harm"),
        "outcome": _("What became of it"),
        "done_on": _("Done on"),
        "result": _("Result"),
        "plan": _("Plan"),
        "count": _("Count"),
    },
    words={
        "harm": dict(Harm.choices),
        "condition": dict(Condition.choices),
        "outcome": dict(RecallOutcome.choices),
        "result": dict(Result.choices),
    },
)
