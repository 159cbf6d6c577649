"""What rooms above know of many devices at once, shown beside each on the register.

A room that knows when devices cannot be used registers a function, and its `apps.py` imports that
module. It is asked once for a whole page of rows.
"""

from collections.abc import Callable, Collection
from datetime import datetime

Finder = Callable[[Collection[int], datetime], Collection[int]]
_finders: list[Finder] = []


def out_of_use(finder: Finder) -> Finder:
    """Register a function that says which of these devices cannot be used at a moment."""
    _finders.append(finder)
    return finder


def out_among(device_ids: Collection[int], at: datetime) -> set[int]:
    """Those of the devices that cannot be used at a moment."""
    return {pk for finder in _finders for pk in finder(device_ids, at)}
