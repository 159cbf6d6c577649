"""Tables of granting."""

from .applications import Application, ApplicationEvent, Decision, Excusal, Vote
from .committees import Committee, Meeting, Member

__all__ = [
    "Application",
    "ApplicationEvent",
    "Committee",
    "Decision",
    "Excusal",
    "Meeting",
    "Member",
    "Vote",
]
