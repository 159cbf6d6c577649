"""Policy definitions of bookings: nothing outside prescribes any of these numbers."""

from django.utils.translation import gettext_lazy as _

from alliance.core.policy import PLATFORM, Definition, define

from .charges.choices import PricedBy, TimedBy
from .overruns.choices import Answer

_GROUP = _("Bookings of devices")
_SHARING = _("Source document A: sharing of high-end devices in the alliance")
_AGREEMENT = _("Agreement among the members of the alliance")
CALLED = (
    ("called", _("Is called; who booked records that they agree")),
    ("none", _("Is not asked")),
)
MENTORS = (
    ("asked", _("Is asked to agree")),
    ("told", _("Is told only")),
)
WEEKDAYS = (
    ("none", _("No day")),
    ("0", _("Mondays")),
    ("1", _("Tuesdays")),
    ("2", _("Wednesdays")),
    ("3", _("Thursdays")),
    ("4", _("Fridays")),
    ("5", _("Saturdays")),
    ("6", _("Sundays")),
)
APPROVALS = (
    ("device", _("As the device says")),
    ("always", _("The keeper approves every one")),
    ("never", _("All are granted at once")),
)


def _number(key: str, kind: str, default: int, label: object, most: int, least: int = 0) -> None:
    define([Definition(key, kind, default, label, _GROUP, PLATFORM, minimum=least, maximum=most)])


define(
    [
        Definition(
            "bookings.approval", "choice", "device", _("Approval by the keeper"), _GROUP,
            PLATFORM, choices=APPROVALS,
        ),
        Definition(
            "bookings.mentor_word", "choice", "asked", _("A mentor who is booked"), _GROUP,
            _AGREEMENT, choices=MENTORS,
        ),
        Definition(
            "bookings.mentor_called", "choice", "called", _("A mentor without an account"), _GROUP,
            _AGREEMENT, choices=CALLED,
        ),
        Definition(
            "bookings.reserved_weekday", "choice", "none", _("Day reserved for townships"), _GROUP,
            _SHARING, choices=WEEKDAYS,
        ),
        Definition(
            "bookings.overrun_answer", "choice", Answer.ASK.value,
            _("Booking held up by the last user"), _GROUP, PLATFORM, choices=tuple(Answer.choices),
        ),
        Definition(
            "bookings.priced_by", "choice", PricedBy.AGREED.value, _("Which price counts"), _GROUP,
            PLATFORM, choices=tuple(PricedBy.choices),
        ),
        Definition(
            "bookings.timed_by", "choice", TimedBy.REAL.value, _("Which time is paid"), _GROUP,
            PLATFORM, choices=tuple(TimedBy.choices),
        ),
    ]
)  # fmt: skip
_number("bookings.reserved_from", "hours", 8, _("Reserved from (hour)"), 24)
_number("bookings.reserved_until", "hours", 12, _("Reserved until (hour)"), 24)
_number(
    "bookings.reserved_release", "hours", 48,
    _("Hours before, from which reserved time is open to all"), 720,
)  # fmt: skip
_number("bookings.open_from", "hours", 7, _("Sharing begins (hour)"), 23)
_number("bookings.open_until", "hours", 22, _("Sharing ends (hour)"), 24, 1)
_number("bookings.lead_minutes", "minutes", 60, _("Shortest notice for others' devices"), 43200)
_number(
    "bookings.begun_minutes", "minutes", 10,
    _("Minutes ago that a use booked on the spot may have begun"), 240,
)  # fmt: skip
_number("bookings.horizon_days", "days", 90, _("Days ahead that may be booked"), 730, 1)
_number("bookings.longest_minutes", "minutes", 720, _("Longest use"), 10080, 15)
_number("bookings.quota_village", "integer", 5, _("Bookings a week of a village clinic"), 500)
_number("bookings.quota_township", "integer", 20, _("Bookings a week of a township"), 500)
_number("bookings.quota_county", "integer", 20, _("Bookings a week of a county hospital"), 500)
_number("bookings.quota_tertiary", "integer", 10, _("Bookings a week of a tertiary hospital"), 500)
_number("bookings.answer_hours", "hours", 48, _("Hours until an unanswered request lapses"), 720, 1)
_number(
    "bookings.cancel_hours", "hours", 24, _("Hours before start in which cancelling counts"), 720
)
_number(
    "bookings.renewal_hours", "hours", 48,
    _("Hours before start until which a shifted time is forgotten; later on it counts as well"),
    1440,
)  # fmt: skip
_number(
    "bookings.cancel_grace_minutes", "minutes", 15,
    _("Minutes after booking in which cancelling never counts"), 1440,
)  # fmt: skip
_number(
    "bookings.early_minutes", "minutes", 60, _("Minutes before start in which use may begin"), 720
)
_number(
    "bookings.no_show_minutes",
    "minutes",
    60,
    _("Minutes after start until it counts as missed"),
    720,
    5,
)
_number(
    "bookings.strikes_most", "integer", 3, _("Missed or late-cancelled bookings until blocked"), 50
)
_number(
    "bookings.overrun_minutes", "minutes", 20,
    _("Minutes before a device is due for the next booking, from which its people are told"), 720,
)  # fmt: skip
_number("bookings.strike_days", "days", 90, _("Days in which they are counted"), 730, 1)
_number("bookings.block_days", "days", 14, _("Days blocked afterwards"), 365, 1)
_number("bookings.offer_minutes", "minutes", 120, _("Minutes to answer an offered time"), 10080, 5)
_number("bookings.offer_from", "hours", 7, _("Time to answer runs from (hour)"), 23)
_number("bookings.offer_until", "hours", 22, _("Time to answer runs until (hour)"), 24, 1)
_number(
    "bookings.unanswered_most", "integer", 2,
    _("Unanswered offers until somebody no longer waits"), 20, 1,
)  # fmt: skip
_number(
    "bookings.remind_hours",
    "hours",
    24,
    _("Hours before start at which people are reminded"),
    168,
    1,
)
_number(
    "bookings.instead_days", "days", 14,
    _("Days in which another time is looked for, instead of one that is refused"), 90, 1,
)  # fmt: skip
_number("bookings.instead_times", "integer", 3, _("Other times that are offered"), 10, 1)
_number("bookings.instead_devices", "integer", 3, _("Other devices that are offered"), 10, 1)
_number(
    "bookings.instead_among", "integer", 40,
    _("Devices of the same kind among which another one is looked for"), 500, 1,
)  # fmt: skip
