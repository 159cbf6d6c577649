"""What this room records in the ledger, in words."""

from django.utils.translation import gettext_lazy as _

from alliance.core.acts import define

define(
    {
        "checks.run": _("Ran scheduled checks"),
        "finding.assigned": _("Gave a finding an owner"),
        "finding.waived": _("Waived a finding"),
        "finding.waiver_ended": _("Ended the waiver of a finding"),
    },
    names={"owner": _("Owner"), "until": _("Until"), "day": _("For the day")},
)
