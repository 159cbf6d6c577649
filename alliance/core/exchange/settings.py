"""Policy of imports and exports, read at once."""

from datetime import date
from typing import Any

from ..policy import PolicySet, policies, policy
from .files import Limits
from .spec import Place


def at(place: Place) -> PolicySet:
    """All settings of imports in force at a place."""
    return policies(alliance_id=place.alliance_id, on=place.on, prefix="import.")


def limits(place: Place) -> Limits:
    """How large a file may be at a place."""
    values = at(place)
    return Limits(
        max_bytes=values["import.max_bytes"],
        max_unpacked=values["import.max_unpacked_bytes"],
        max_rows=values["import.max_rows"],
    )


def value(key: str, *, on: date) -> Any:
    """One setting of the whole platform."""
    return policy(key, on=on)
