"""What every filed leg has, though a draft may lack it."""

from typing import TypeVar

T = TypeVar("T")


def filed(value: T | None) -> T:
    """The patient, receiver or id of a filed leg.

    The constraint `referrals_complete_once_submitted` promises it; ValueError would be a draft
    taken for a filed leg.
    """
    if value is None:
        raise ValueError("a draft was taken for a filed referral")
    return value
