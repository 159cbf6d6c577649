"""What pages and actions ask: within which bounds a purchase is subsidised."""

from datetime import date

from alliance.core.policy import policies

from . import rules
from .models import Purchase


def subsidy_bounds(purchase: Purchase, *, on: date) -> rules.Bounds:
    """The lowest and highest subsidy that the alliance's policy allows this institution."""
    values = policies(alliance_id=purchase.alliance_id, on=on, prefix="purchases.")
    return rules.bounds(
        tier=purchase.institution.tier,
        subsidised=values["purchases.subsidised"],
        least=values["purchases.subsidy_least"],
        most=values["purchases.subsidy_most"],
    )
