"""Training, room by room: each module says who may open what, and what there is to open.

A module has `ROWS`, and as far as its room needs them: `lay(world)` (the things its rows name, as a
dict), `NOUNS` (API noun to the name of such a thing), `PAGES` (lists and who reads them, a name of
the world) and `grow(world, serial)` (one more of everything in those lists).
"""

from importlib import import_module
from pkgutil import iter_modules

_rooms = [import_module(f"{__name__}.{found.name}") for found in iter_modules(__path__)]

ROWS = [row for room in _rooms for row in room.ROWS]
NOUNS = {k: v for room in _rooms for k, v in getattr(room, "NOUNS", {}).items()}
PAGES = {k: v for room in _rooms for k, v in getattr(room, "PAGES", {}).items()}


def lay(world):
    """The things of every room, by name."""
    laid = {}
    for room in _rooms:
        if hasattr(room, "lay"):
            laid |= room.lay(world)
    return laid


def grow(world, serial):
    """One more of everything."""
    for room in _rooms:
        if hasattr(room, "grow"):
            room.grow(world, serial)
