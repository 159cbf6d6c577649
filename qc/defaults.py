"""Policy definitions of findings."""

from django.utils.translation import gettext_lazy as _

from alliance.core.policy import PLATFORM, Definition, define

define(
    [
        Definition(
            "finding.waiver_days_most",
            "days",
            180,
            _("Longest waiver of a finding"),
            _("Findings"),
            PLATFORM,
            minimum=1,
            maximum=3650,
        ),
        Definition(
            "finding.run_attempts_most",
            "integer",
            5,
            _("Attempts at one run of a check"),
            _("Findings"),
            PLATFORM,
            minimum=1,
            maximum=20,
        ),
    ]
)
