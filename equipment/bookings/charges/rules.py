"""Pure rules of charges: which time is paid, how far a month is settled."""

from datetime import datetime

from .choices import Standing, TimedBy

Period = tuple[datetime, datetime]


def paid_time(*, booked: Period, real: Period, rule: str) -> tuple[Period, TimedBy]:
    """The time that is paid by a rule of policy, and whose it is."""
    is_longer = booked[1] - booked[0] > real[1] - real[0]
    if rule == TimedBy.BOOKED or (rule == TimedBy.LONGER and is_longer):
        return booked, TimedBy.BOOKED
    return real, TimedBy.REAL


def standing(*, by_payer: bool, by_payee: bool, is_paid: bool, is_over: bool) -> Standing:
    """How far a month is settled, by what holds for its sum as it is now."""
    if not is_over:
        return Standing.RUNNING
    if is_paid:
        return Standing.PAID
    if by_payer and by_payee:
        return Standing.AGREED
    if by_payer or by_payee:
        return Standing.PAYER if by_payer else Standing.PAYEE
    return Standing.OPEN
