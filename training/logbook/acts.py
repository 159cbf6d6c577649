"""What this room records in the ledger, in words."""

from django.utils.translation import gettext_lazy as _

from alliance.core.acts import define

define(
    {
        "case.recorded": _("Recorded a case"),
        "case.correct": _("Corrected a case"),
        "case.confirm": _("Confirmed a case"),
        "case.reject": _("Sent a case back"),
        "case.amend": _("Amended a confirmed case"),
        "case.void": _("Made a case void"),
        "curve.opened": _("Opened the review of a learning curve"),
        "curve.decided": _("Decided about a learning curve"),
    },
    names={"decision": _("Decision"), "cause": _("Signal")},
)
