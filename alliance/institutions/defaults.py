"""Policy definitions of the working calendar."""

from django.utils.translation import gettext_lazy as _

from alliance.core.policy import PLATFORM, Definition, define

_GROUP = _("Working calendar")

define(
    [
        Definition(
            "calendar.weekday_hours",
            "text",
            "08:00-12:00 14:00-17:30",
            _("Hours on working days"),
            _GROUP,
            PLATFORM,
        ),
        Definition("calendar.weekend_hours", "text", "", _("Hours at weekends"), _GROUP, PLATFORM),
        Definition(
            "calendar.observes_holidays",
            "boolean",
            True,
            _("Closed on public holidays"),
            _GROUP,
            _("Yearly notice of the State Council on public holidays"),
            verified=True,
        ),
    ]
)
