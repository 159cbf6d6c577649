"""The only writers of bookings."""

from .booking import ask, book, refusals_kept
from .common import lock_times, repoint_patient
from .deciding import approve, cancel, excuse, refuse
from .logging import link_case
from .mentoring import agree, agree_to_series, change_mentor, decline
from .moving import rebook
from .reminding import remind
from .series import SeriesOutcome, book_series, cancel_series
from .using import check_in, check_out
from .watching import lapse_requests, mark_missed, recheck_devices

__all__ = [
    "SeriesOutcome",
    "agree",
    "agree_to_series",
    "approve",
    "ask",
    "book",
    "book_series",
    "cancel",
    "cancel_series",
    "change_mentor",
    "check_in",
    "check_out",
    "decline",
    "excuse",
    "lapse_requests",
    "link_case",
    "lock_times",
    "mark_missed",
    "rebook",
    "recheck_devices",
    "refusals_kept",
    "refuse",
    "remind",
    "repoint_patient",
]
