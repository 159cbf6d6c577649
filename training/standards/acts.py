"""What this room records in the ledger, in words."""

from django.utils.translation import gettext_lazy as _

from alliance.core.acts import define

from .choices import StopCondition

define(
    {
        "admission.started": _("Began an application for a technique"),
        "admission.saved": _("Changed an application for a technique"),
        "admission.submit": _("Submitted an application for a technique"),
        "admission.return": _("Returned an application for a technique"),
        "admission.admit": _("Admitted an institution for a technique"),
        "admission.refuse": _("Did not admit an institution for a technique"),
        "admission.take_back": _("Took back an application for a technique"),
        "admission.withdraw": _("Withdrew an institution's admission"),
        "admission.suspend": _("Suspended an institution's admission"),
        "admission.restore": _("Restored an institution's admission"),
        "admission.first_use": _("Recorded the first use of a technique"),
        "admission.file": _("Recorded the filing of a restricted technique"),
    },
    names={
        "unmet": _("Requirements not met"),
        "stop_condition": _("Stop condition"),
        "first_used_on": _("First used on"),
        "filing_due": _("File by"),
        "filed_on": _("Filed on"),
        "filing_number": _("Filing number"),
        "valid_from": _("From"),
        "valid_until": _("Until"),
    },
    words={"stop_condition": dict(StopCondition.choices)},
)
