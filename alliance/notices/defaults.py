"""Policy definitions of notices."""

from django.utils.translation import gettext_lazy as _

from alliance.core.policy import PLATFORM, Definition, define

define(
    [
        Definition("notices.keep_days", "days", 365, _("Read notices are kept for"), _("Notices"),
                   PLATFORM, minimum=30, maximum=3650),
    ]
)  # fmt: skip
