"""What changes in the logbook; the only writers."""

from .cases import (
    CONTENT,
    change_case,
    confirm_case,
    content_of,
    record_case,
    reject_case,
    repoint_patient,
    void_case,
)
from .drafts import drop_draft, keep_draft
from .imports import import_cases, plan_cases
from .reviews import decide_review, look_at, open_reviews
from .scales import load_scales

__all__ = [
    "CONTENT",
    "change_case",
    "confirm_case",
    "content_of",
    "decide_review",
    "drop_draft",
    "import_cases",
    "keep_draft",
    "load_scales",
    "look_at",
    "open_reviews",
    "plan_cases",
    "record_case",
    "reject_case",
    "repoint_patient",
    "void_case",
]
