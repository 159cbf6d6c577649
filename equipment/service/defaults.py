"""Policy definitions of service."""

from django.utils.translation import gettext_lazy as _

from alliance.core.policy import PLATFORM, Definition, define

_GROUP = _("Maintenance and repair")
_LAW = _("医疗器械不良事件监测和再评价管理办法 (2019, no. 1)")


define(
    [
        Definition(
            "service.stops.statutory",
            "boolean",
            True,
            _("Overdue statutory calibration takes a device out of use"),
            _GROUP,
            _("计量法 (2018), article 9: uncalibrated instruments may not be used"),
        ),
        Definition(
            "service.stops.routine",
            "boolean",
            True,
            _("Overdue routine calibration takes a device out of use"),
            _GROUP,
            PLATFORM,
        ),
        Definition(
            "service.stops.preventive",
            "boolean",
            False,
            _("Overdue preventive maintenance takes a device out of use"),
            _GROUP,
            PLATFORM,
        ),
        Definition(
            "service.reopen_days",
            "days",
            14,
            _("Days in which a closed work order can be gone on with"),
            _GROUP,
            PLATFORM,
            minimum=1,
            maximum=365,
        ),
        Definition(
            "service.remind_days",
            "days",
            30,
            _("Days before a check falls due on which its keeper is reminded"),
            _GROUP,
            PLATFORM,
            minimum=1,
            maximum=365,
        ),
        Definition(
            "service.unknown_days",
            "days",
            30,
            _(
                "Days in which an old device whose last check is not known must be checked; 0: at once"
            ),
            _GROUP,
            PLATFORM,
            maximum=365,
        ),
        Definition(
            "service.event.death_hours",
            "hours",
            7 * 24,
            _("Death with a device: hours until it must be reported"),
            _GROUP,
            _LAW,
            minimum=1,
            maximum=2000,
        ),
        Definition(
            "service.event.serious_hours",
            "hours",
            20 * 24,
            _("Serious injury with a device: hours until it must be reported"),
            _GROUP,
            _LAW,
            minimum=1,
            maximum=2000,
        ),
        Definition(
            "service.event.group_hours",
            "hours",
            12,
            _("Group event with a device: hours until it must be reported"),
            _GROUP,
            _LAW,
            minimum=1,
            maximum=2000,
        ),
        Definition(
            "service.event.other_hours",
            "hours",
            30 * 24,
            _("Other harm with a device: hours until it must be reported"),
            _GROUP,
            PLATFORM,
            minimum=1,
            maximum=2000,
        ),
        Definition(
            "service.event.potential_hours",
            "hours",
            30 * 24,
            _("Possible other harm with a device: hours until it must be reported"),
            _GROUP,
            PLATFORM,
            minimum=1,
            maximum=2000,
        ),
        Definition(
            "service.limited_stays",
            "boolean",
            True,
            _("A device that comes back usable with limits stays bookable"),
            _GROUP,
            PLATFORM,
        ),
        Definition(
            "service.event.warn_hours",
            "hours",
            24,
            _("Hours before the report of an adverse event is due at which people are warned"),
            _GROUP,
            PLATFORM,
            minimum=1,
            maximum=2000,
        ),
    ]
)
