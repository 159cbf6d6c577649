"""What other apps may ask of training."""

from training.privileges.selectors import (
    Answer,
    may_pairs,
    may_perform,
    what_may,
    who_may,
    who_may_here,
)
from training.programmes.selectors import Progress, progress, progress_many

__all__ = [
    "Answer",
    "Progress",
    "may_pairs",
    "may_perform",
    "progress",
    "progress_many",
    "what_may",
    "who_may",
    "who_may_here",
]
