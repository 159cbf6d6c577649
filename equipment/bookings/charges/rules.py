"""Pure rules of charges: which time is paid."""

from datetime import datetime

from .choices import TimedBy

Period = tuple[datetime, datetime]


def paid_time(*, booked: Period, real: Period, rule: str) -> tuple[Period, TimedBy]:
    """The time that is paid by a rule of policy, and whose it is."""
    is_longer = booked[1] - booked[0] > real[1] - real[0]
    if rule == TimedBy.BOOKED or (rule == TimedBy.LONGER and is_longer):
        return booked, TimedBy.BOOKED
    return real, TimedBy.REAL
