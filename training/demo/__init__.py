"""The training of the demo alliance: a year of learning, cases and privileges. All of it is invented."""

from .loading import load
from .scene import Scene

__all__ = ["Scene", "load"]
