"""What this room records in the ledger, in words."""

from django.utils.translation import gettext_lazy as _

from alliance.core.acts import define

define(
    {
        "mentorship.proposed": _("Proposed a mentorship"),
        "mentorship.agreed": _("A mentorship was agreed by both sides"),
        "mentorship.declined": _("Did not agree to a mentorship"),
        "mentorship.ended": _("Ended a mentorship early"),
        "guidance.recorded": _("Entered a guidance session"),
        "guidance.struck": _("Struck out a guidance session"),
        "posting.planned": _("Planned a posting"),
        "posting.started": _("A posting began"),
        "posting.finished": _("A posting ended"),
        "posting.cancelled": _("Cancelled a posting"),
        "posting.presence": _("Entered days present"),
        "posting.evaluated": _("Evaluated a posting"),
        "posting.assessed": _("Assessed a posting"),
    },
    names={
        "minutes": _("Minutes"),
        "cases": _("Cases"),
        "valid_from": _("From"),
        "valid_until": _("Until"),
        "added": _("Days added"),
        "removed": _("Days taken out"),
        "party": _("Side"),
        "rating": _("Rating"),
        "assessment": _("Assessment"),
    },
)
