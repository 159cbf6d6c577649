"""The scales by which mentors rate."""

from alliance.core.transactions import one_transaction

from ..models import RatingScale
from ..scales import SCALES


@one_transaction
def load_scales() -> int:
    """Add the platform's scales that are not there yet; return how many were added.

    A door of the operator (migration, demo data), not of a page; running it again adds nothing.
    """
    added = 0
    for one in SCALES:
        keys = {"alliance": None, "code": one["code"], "edition": one["edition"]}
        _scale, created = RatingScale.objects.get_or_create(**keys, defaults=one)
        added += created
    return added
