"""Policy definitions of courses and education hours."""

from django.utils.translation import gettext_lazy as _

from alliance.core.policy import PLATFORM, Definition, define

_COURSES = _("Courses")
_HOURS = _("Education hours")
_MEGABYTE = 1024 * 1024
# A week: the scheduler looks no further ahead.
REMIND_HOURS_MOST = 168

define(
    [
        Definition(
            "course.part_share_percent",
            "percent",
            50,
            _("Share of a part's minutes that must pass before it is done"),
            _COURSES,
            PLATFORM,
            maximum=100,
        ),
        Definition(
            "course.file_bytes_most",
            "integer",
            20 * _MEGABYTE,
            _("Largest document of a course (bytes)"),
            _COURSES,
            PLATFORM,
            minimum=_MEGABYTE,
            maximum=200 * _MEGABYTE,
        ),
        Definition(
            "course.video_bytes_most",
            "integer",
            500 * _MEGABYTE,
            _("Largest video of a course (bytes)"),
            _COURSES,
            PLATFORM,
            minimum=_MEGABYTE,
            maximum=4096 * _MEGABYTE,
        ),
        Definition(
            "course.check_in_before_minutes",
            "minutes",
            60,
            _("Check-in opens before the start"),
            _COURSES,
            PLATFORM,
            maximum=1440,
        ),
        Definition(
            "course.check_in_after_minutes",
            "minutes",
            30,
            _("Check-in stays open after the end"),
            _COURSES,
            PLATFORM,
            maximum=1440,
        ),
        Definition(
            "course.remind_hours_before",
            "hours",
            24,
            _("Who has a seat is reminded before the start (0: never)"),
            _COURSES,
            PLATFORM,
            maximum=REMIND_HOURS_MOST,
        ),
        Definition(
            "course.walk_in",
            "boolean",
            True,
            _("Who comes without booking may take a free seat"),
            _COURSES,
            PLATFORM,
        ),
        Definition(
            "hours.claim_most",
            "hours",
            100,
            _("Most hours of one entry from elsewhere"),
            _HOURS,
            PLATFORM,
            minimum=1,
            maximum=500,
        ),
    ]
)
