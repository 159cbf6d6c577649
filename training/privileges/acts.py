"""What this room records in the ledger, in words."""

from django.utils.translation import gettext_lazy as _

from alliance.core.acts import define

from .choices import Ground, Level

define(
    {
        "privilege.granted": _("Granted a privilege"),
        "privilege.replaced": _("Replaced a privilege by a newer one"),
        "privilege.suspended": _("Suspended a privilege"),
        "privilege.restored": _("Restored a privilege"),
        "privilege.withdrawn": _("Withdrew a privilege"),
        "certificate.issued": _("Issued a certificate"),
        "override.recorded": _("Went beyond a privilege in an emergency"),
        "override.reported": _("Reported on an emergency beyond a privilege"),
        "override.reviewed": _("Reviewed an emergency beyond a privilege"),
    },
    names={
        "level": _("Level"),
        "ground": _("Ground"),
        "valid_from": _("From"),
        "valid_until": _("Until"),
        "number": _("Number"),
        "lacked": _("What was missing"),
    },
    words={"level": dict(Level.choices), "ground": dict(Ground.choices)},
)
