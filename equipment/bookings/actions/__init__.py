"""The only writers of bookings."""

from .booking import ask, book, refusals_kept
from .common import lock_times, repoint_patient
from .deciding import approve, cancel, excuse, refuse
from .reminding import remind
from .series import SeriesOutcome, book_series
from .using import check_in, check_out
from .watching import lapse_requests, mark_missed, recheck_devices

__all__ = [
    "SeriesOutcome",
    "approve",
    "ask",
    "book",
    "book_series",
    "cancel",
    "check_in",
    "check_out",
    "excuse",
    "lapse_requests",
    "lock_times",
    "mark_missed",
    "recheck_devices",
    "refusals_kept",
    "refuse",
    "remind",
    "repoint_patient",
]
