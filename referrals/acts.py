"""What this room records in the ledger, in words."""

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from alliance.core.acts import define

from .choices import Move, Status

_MOVE = _("Referral: {move}")

define(
    {f"referral.{move.value}": format_lazy(_MOVE, move=move.label) for move in Move}
    | {
        "referral.draft": _("Began a referral"),
        "referral.discarded": _("Discarded a draft"),
        "referral.attached": _("Added a paper to a referral"),
        "referral.attachment_removed": _("Removed a paper of a referral"),
        "referral.printed": _("Printed a referral"),
        "reason.saved": _("Changed a reason code"),
        "demo.loaded": _("Loaded the demonstration"),
    },
    names={
        "number": _("Number"),
        "source": _("Before"),
        "target": _("After"),
        "referrals": _("Referrals"),
    },
    words={"source": dict(Status.choices), "target": dict(Status.choices)},
)
