"""Policy definitions of sign-in and the API."""

from django.utils.translation import gettext_lazy as _

from alliance.core.policy import PLATFORM, Definition, define

_GROUP = _("Sign-in and security")
_CONVENTION = _("GB/T 22239-2019 8.1.4.1 (assessor convention)")

define(
    [
        Definition(
            "security.password_length",
            "integer",
            8,
            _("Shortest password"),
            _GROUP,
            _CONVENTION,
            minimum=8,
            maximum=64,
        ),
        Definition(
            "security.password_classes",
            "integer",
            3,
            _("Kinds of characters in a password"),
            _GROUP,
            _CONVENTION,
            minimum=1,
            maximum=4,
        ),
        Definition(
            "security.password_history",
            "integer",
            5,
            _("Former passwords not used again"),
            _GROUP,
            _CONVENTION,
            maximum=24,
        ),
        Definition(
            "security.password_days",
            "days",
            90,
            _("Password valid for"),
            _GROUP,
            _CONVENTION,
            minimum=30,
            maximum=3650,
        ),
        Definition(
            "security.lockout_failures",
            "integer",
            5,
            _("Wrong passwords before lockout"),
            _GROUP,
            _CONVENTION,
            minimum=3,
            maximum=20,
        ),
        Definition(
            "security.lockout_minutes",
            "minutes",
            30,
            _("Lockout lasts"),
            _GROUP,
            _CONVENTION,
            minimum=5,
            maximum=1440,
        ),
        Definition(
            "security.idle_minutes",
            "minutes",
            15,
            _("Signed out when idle for"),
            _GROUP,
            _CONVENTION,
            minimum=5,
            maximum=480,
        ),
        Definition(
            "security.invitation_days",
            "days",
            7,
            _("Invitation valid for"),
            _GROUP,
            PLATFORM,
            minimum=1,
            maximum=60,
        ),
        Definition(
            "security.sign_in_days",
            "days",
            180,
            _("Sign-ins are remembered for"),
            _GROUP,
            _("Cybersecurity Law (logs at least six months)"),
            minimum=180,
            maximum=3650,
        ),
        Definition(
            "api.requests_per_minute",
            "integer",
            600,
            _("API requests a minute per client"),
            _("API"),
            PLATFORM,
            minimum=10,
            maximum=100_000,
        ),
    ]
)
