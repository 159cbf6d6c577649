"""The only writers of mentorships and postings."""

from .guidance import record_session, strike_session
from .imports import (
    import_mentorships,
    import_postings,
    import_sessions,
    plan_mentorships,
    plan_postings,
    plan_sessions,
)
from .judging import assess_posting, evaluate_posting
from .mentorships import (
    agree_to_mentorship,
    decline_mentorship,
    end_mentorship,
    propose_mentorship,
)
from .postings import (
    cancel_posting,
    finish_posting,
    mark_present,
    plan_posting,
    set_days,
    start_posting,
)

__all__ = [
    "agree_to_mentorship",
    "assess_posting",
    "cancel_posting",
    "decline_mentorship",
    "end_mentorship",
    "evaluate_posting",
    "finish_posting",
    "import_mentorships",
    "import_postings",
    "import_sessions",
    "mark_present",
    "plan_mentorships",
    "plan_posting",
    "plan_postings",
    "plan_sessions",
    "propose_mentorship",
    "record_session",
    "set_days",
    "start_posting",
    "strike_session",
]
