"""What other rooms show on the page of a case: what was booked for it, what came of it.

Rooms above hang up functions, and their `apps.py` imports the module that does so:

    @related
    def uses(user: Any, case: Case) -> Iterable[Related]:
        yield Related(_("Booking"), words, url)
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from .models import Case


@dataclass(frozen=True, slots=True)
class Related:
    """One thing that belongs to a case: what it is, in words, where it stands."""

    label: Any
    value: str
    url: str


Maker = Callable[[Any, Case], Iterable[Related]]
_makers: list[Maker] = []


def related(maker: Maker) -> Maker:
    """Register a function that says what belongs to a case, as far as a user may see it."""
    _makers.append(maker)
    return maker


def related_to(case: Case, user: Any) -> list[Related]:
    """All that belongs to a case."""
    return [one for maker in _makers for one in maker(user, case)]
