"""Mentorships, guidance, postings, and what belongs to each."""

from .guidance import GuidanceSession
from .mentorships import Mentorship, MentorshipEvent
from .postings import Posting, PostingDay, PostingEvaluation, PostingEvent

__all__ = [
    "GuidanceSession",
    "Mentorship",
    "MentorshipEvent",
    "Posting",
    "PostingDay",
    "PostingEvaluation",
    "PostingEvent",
]
