"""Mentorships, postings, and the steps of each."""

from .mentorships import Mentorship, MentorshipEvent
from .postings import Posting, PostingDay, PostingEvaluation, PostingEvent

__all__ = [
    "Mentorship",
    "MentorshipEvent",
    "Posting",
    "PostingDay",
    "PostingEvaluation",
    "PostingEvent",
]
