"""What this room records in the ledger, in words."""

from django.utils.translation import gettext_lazy as _

from alliance.core.acts import define

from .choices import AccessReason, ConsentMethod, ConsentPurpose

define(
    {
        "patient.registered": _("Registered a patient"),
        "patient.amended": _("Corrected a patient's particulars"),
        "patient.access_granted": _("Let an institution see a patient"),
        "patient.read": _("Read a patient's record"),
        "patient.revealed": _("Showed masked particulars"),
        "patient.merged": _("Merged two entries of one patient"),
        "patient.deceased": _("Recorded a death"),
        "consent.recorded": _("Recorded a consent"),
        "consent.withdrawn": _("Recorded that a consent was withdrawn"),
    },
    names={
        "via": _("By way of"),
        "patient": _("Patient"),
        "purpose": _("Purpose"),
        "method": _("How"),
        "merged": _("Merged entry"),
    },
    words={
        "reason": dict(AccessReason.choices),
        "purpose": dict(ConsentPurpose.choices),
        "method": dict(ConsentMethod.choices),
        "via": {
            "page": _("page"),
            "api": _("interface"),
            "attachment": _("attachment"),
            "filing": _("filing"),
            "merge": _("merging"),
        },
    },
)
