"""The only writers of applications, committees and votes."""

from .committees import (
    appoint_member,
    end_seat,
    end_term,
    found_committee,
    plan_meeting,
    write_minutes,
)
from .deciding import Terms, decide
from .moving import take_up, withdraw
from .opening import open_application
from .voting import cast_vote, declare_interest

__all__ = [
    "Terms",
    "appoint_member",
    "cast_vote",
    "decide",
    "declare_interest",
    "end_seat",
    "end_term",
    "found_committee",
    "open_application",
    "plan_meeting",
    "take_up",
    "withdraw",
    "write_minutes",
]
