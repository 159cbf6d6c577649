"""The only writers of mentorships and postings."""

from .judging import assess_posting, evaluate_posting
from .postings import (
    cancel_posting,
    finish_posting,
    mark_present,
    plan_posting,
    set_days,
    start_posting,
)

__all__ = [
    "assess_posting",
    "cancel_posting",
    "evaluate_posting",
    "finish_posting",
    "mark_present",
    "plan_posting",
    "set_days",
    "start_posting",
]
