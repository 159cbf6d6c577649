"""What changes in the logbook; the only writer."""

from .scales import load_scales

__all__ = ["load_scales"]
