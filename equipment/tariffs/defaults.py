"""Policy definitions of what sharing costs."""

from django.utils.translation import gettext_lazy as _

from alliance.core.policy import PLATFORM, Definition, define

_GROUP = _("Prices of sharing")

define(
    [
        Definition(
            "tariffs.free",
            "choice",
            "advanced",
            _("Who uses shared devices free of charge"),
            _GROUP,
            PLATFORM,
            choices=(
                ("none", _("Nobody but the owner")),
                ("advanced", _("Townships doing an advanced procedure")),
                ("township", _("Townships always")),
            ),
        ),
        Definition(
            "tariffs.step_minutes",
            "minutes",
            30,
            _("Prices per hour count every begun stretch of"),
            _GROUP,
            PLATFORM,
            minimum=1,
            maximum=60,
        ),
    ]
)
