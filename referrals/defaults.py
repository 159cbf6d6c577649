"""Policy definitions of referrals: clocks, alerts, lapse, attachments."""

from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from alliance.core.policy import PLATFORM, Definition, define

from .choices import Clock, Urgency

_CLOCKS = _("Clocks of referrals")
_ALERTS = _("Warnings and escalation")
_FILES = _("Attachments")
_CONVENTION = _("Common convention; no national time limit exists")
_WORKDAY = _("Common convention of 24 hours, as working hours; no national time limit exists")
_HOURS = (("always", _("Around the clock")), ("working", _("Working hours")))

HOUR, DAY = 60, 24 * 60
# Minutes by clock for emergency, urgent, routine. Where a clock starts at a promised moment
# (reservation valid, expected arrival) they are the grace after it.
MINUTES: dict[Clock, tuple[tuple[int, int, int], Any]] = {
    Clock.DRAFT: ((14 * DAY, 14 * DAY, 14 * DAY), PLATFORM),
    Clock.ORIGIN_REVIEW: ((30, HOUR, 4 * HOUR), _CONVENTION),
    Clock.DECISION: ((15, 2 * HOUR, 8 * HOUR), _WORKDAY),
    Clock.ANSWER: ((15, HOUR, 4 * HOUR), _CONVENTION),
    Clock.RESERVE: ((30, 4 * HOUR, 8 * HOUR), _("Turnaround of 4 hours on comparable platforms")),
    Clock.VALIDITY: ((2 * HOUR, DAY, 3 * DAY), _CONVENTION),
    Clock.ARRIVAL: ((HOUR, 2 * HOUR, 8 * HOUR), _CONVENTION),
    Clock.CONTACT: ((HOUR, DAY, 3 * DAY), _CONVENTION),
    Clock.FIRST_TREATMENT: ((HOUR, 48 * HOUR, 48 * HOUR), _("Treated within 48 hours of arrival")),
    Clock.FIRST_FOLLOW_UP: ((7 * DAY, 7 * DAY, 7 * DAY), _CONVENTION),
    Clock.REPLY_LETTER: ((DAY, DAY, 16 * HOUR), _WORKDAY),
    Clock.TAKE_OVER: ((7 * DAY, 7 * DAY, 7 * DAY), _CONVENTION),
}


def _clocks() -> list[Definition]:
    return [
        Definition(
            f"clock.{clock.value}.{urgency.value}",
            "minutes",
            minutes[place],
            format_lazy("{} · {}", clock.label, urgency.label),
            _CLOCKS,
            source,
            minimum=1,
        )
        for clock, (minutes, source) in MINUTES.items()
        for place, urgency in enumerate(Urgency)
    ]


def _hours() -> list[Definition]:
    defaults = {Urgency.EMERGENCY: "always", Urgency.URGENT: "always", Urgency.ROUTINE: "working"}
    return [
        Definition(
            f"clock.hours.{urgency.value}",
            "choice",
            hours,
            format_lazy(_("Clocks count · {}"), urgency.label),
            _CLOCKS,
            _CONVENTION,
            choices=_HOURS,
        )
        for urgency, hours in defaults.items()
    ]


define(
    [
        *_clocks(),
        *_hours(),
        Definition(
            "clock.paperwork",
            "minutes",
            DAY,
            _("Paperwork after an emergency"),
            _CLOCKS,
            _CONVENTION,
            minimum=30,
        ),
        Definition(
            "alert.warn_percent",
            "percent",
            75,
            _("Warn when this share of a clock has run"),
            _ALERTS,
            PLATFORM,
            minimum=10,
            maximum=99,
        ),
        Definition(
            "alert.manager_minutes",
            "minutes",
            30,
            _("Tell the manager after"),
            _ALERTS,
            PLATFORM,
            minimum=1,
        ),
        Definition(
            "alert.office_minutes",
            "minutes",
            240,
            _("Tell the alliance office after"),
            _ALERTS,
            PLATFORM,
            minimum=1,
        ),
        Definition(
            "lapse.hours",
            "hours",
            14 * 24,
            _("Lapses when overdue for"),
            _ALERTS,
            PLATFORM,
            minimum=24,
        ),
        Definition(
            "lapse.warn_hours",
            "hours",
            48,
            _("Both sides are warned before it lapses"),
            _ALERTS,
            "Platform",
            minimum=1,
        ),
        Definition(
            "lapse.care_days",
            "days",
            60,
            _("In care without a step, it stops barring a new referral after"),
            _ALERTS,
            "Platform",
            minimum=7,
        ),
        Definition(
            "attachment.max_bytes",
            "integer",
            10 * 1024 * 1024,
            _("Largest file (bytes)"),
            _FILES,
            PLATFORM,
            minimum=100_000,
            maximum=100 * 1024 * 1024,
        ),
        Definition(
            "attachment.max_count",
            "integer",
            20,
            _("Files per referral"),
            _FILES,
            PLATFORM,
            minimum=1,
            maximum=100,
        ),
    ]
)
