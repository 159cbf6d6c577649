"""Mentoring for other systems."""

from .agreements import MentorshipViewSet, PostingViewSet
from .guidance import GuidanceViewSet

__all__ = ["GuidanceViewSet", "MentorshipViewSet", "PostingViewSet"]
