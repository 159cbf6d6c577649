"""Policy definitions of the base configuration."""

from django.utils.translation import gettext_lazy as _

from alliance.core.policy import PLATFORM, Definition, define

define(
    [
        Definition(
            "configuration.old_years",
            "integer",
            8,
            _("Years of use from which a device counts as old in the age pyramid"),
            _("Base configuration"),
            PLATFORM,
            minimum=1,
            maximum=60,
        ),
    ]
)
