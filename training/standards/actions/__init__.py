"""The only writers of admissions."""

from .applying import Answer, save_application, start_application
from .moving import move

__all__ = ["Answer", "move", "save_application", "start_application"]
