"""The only writers of bookings."""

from .booking import ask, book, refusals_kept
from .charges import correct_charge, settle_uses
from .common import lock_times, repoint_patient
from .deciding import approve, cancel, excuse, refuse
from .feeds import note_read, open_feed, revoke_feed
from .reminding import remind
from .series import SeriesOutcome, book_series
from .using import check_in, check_out
from .waiting import accept_offer, join_list, leave_list, let_go, run_list, serve
from .watching import lapse_requests, mark_missed, recheck_devices

__all__ = [
    "SeriesOutcome",
    "accept_offer",
    "approve",
    "ask",
    "book",
    "book_series",
    "cancel",
    "check_in",
    "check_out",
    "correct_charge",
    "excuse",
    "join_list",
    "lapse_requests",
    "leave_list",
    "let_go",
    "lock_times",
    "mark_missed",
    "note_read",
    "open_feed",
    "recheck_devices",
    "refusals_kept",
    "refuse",
    "remind",
    "repoint_patient",
    "revoke_feed",
    "run_list",
    "serve",
    "settle_uses",
]
