"""What other apps may ask of training."""

from training.privileges.selectors import Answer, may_pairs, may_perform, what_may, who_may

__all__ = ["Answer", "may_pairs", "may_perform", "what_may", "who_may"]
