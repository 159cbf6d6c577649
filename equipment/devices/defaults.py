"""Policy definitions of devices."""

from django.utils.translation import gettext_lazy as _

from alliance.core.policy import PLATFORM, Definition, define

_GROUP = _("Devices")

define(
    [
        Definition(
            "devices.file_bytes",
            "integer",
            20 * 1024 * 1024,
            _("Largest file of a device, in bytes"),
            _GROUP,
            PLATFORM,
            minimum=1024,
            maximum=100 * 1024 * 1024,
        ),
        Definition(
            "devices.put_back_days",
            "days",
            30,
            _("Days in which a mistaken retirement of a device can be undone"),
            _GROUP,
            PLATFORM,
            minimum=1,
            maximum=365,
        ),
        Definition(
            "devices.files",
            "integer",
            20,
            _("Most files of a device"),
            _GROUP,
            PLATFORM,
            minimum=1,
            maximum=200,
        ),
    ]
)
