"""Policy definitions of purchases."""

from django.utils.translation import gettext_lazy as _

from alliance.core.policy import PLATFORM, Definition, define

_GROUP = _("Purchase of devices")

define(
    [
        Definition(
            "purchases.subsidised",
            "choice",
            "township",
            _("Up to which tier purchases are subsidised"),
            _GROUP,
            PLATFORM,
            choices=(
                ("none", _("Nobody")),
                ("township", _("Townships")),
                ("county", _("Townships and counties")),
                ("tertiary", _("All tiers")),
            ),
        ),
        Definition(
            "purchases.subsidy_least",
            "percent",
            50,
            _("Lowest subsidy of a purchase"),
            _GROUP,
            PLATFORM,
            maximum=100,
        ),
        Definition(
            "purchases.subsidy_most",
            "percent",
            70,
            _("Highest subsidy of a purchase"),
            _GROUP,
            PLATFORM,
            maximum=100,
        ),
        Definition(
            "purchases.max_bytes",
            "integer",
            20 * 1_048_576,
            _("Largest file of an application, in bytes"),
            _GROUP,
            PLATFORM,
            minimum=1_048_576,
            maximum=200 * 1_048_576,
        ),
        Definition(
            "purchases.max_files",
            "integer",
            10,
            _("Most files of an application"),
            _GROUP,
            PLATFORM,
            minimum=1,
            maximum=100,
        ),
    ]
)
