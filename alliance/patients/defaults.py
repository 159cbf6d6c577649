"""Policy definitions of the patient index."""

from django.utils.translation import gettext_lazy as _

from alliance.core.policy import PLATFORM, Definition, define

_GROUP = _("Patients and consent")

define(
    [
        Definition(
            "patients.guardian_below_age",
            "integer",
            14,
            _("The guardian consents for children below (years)"),
            _GROUP,
            _("Personal Information Protection Law (2021), art. 31"),
            minimum=0,
            maximum=18,
        ),
        Definition(
            "patients.oldest_age",
            "integer",
            130,
            _("Oldest age accepted at registration (years)"),
            _GROUP,
            PLATFORM,
            minimum=100,
            maximum=200,
        ),
        Definition(
            "patients.read_noted_every_minutes",
            "minutes",
            60,
            _("A repeated reading of one patient is noted again after"),
            _GROUP,
            PLATFORM,
            minimum=1,
            maximum=1440,
        ),
    ]
)
