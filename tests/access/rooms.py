"""Apps of many rooms: each module says who may open what, and what there is to open.

A module has `ROWS`, and as far as its room needs them: `lay(world)` (the things its rows name, as a
dict), `NOUNS` (API noun to the name of such a thing), `PAGES` (lists and who reads them, a name of
the world) and `grow(world, serial)` (one more of everything in those lists).
"""

from importlib import import_module
from pkgutil import iter_modules


class Rooms:
    """What the rooms of one app say together."""

    def __init__(self, name, path):
        self._rooms = [import_module(f"{name}.{found.name}") for found in iter_modules(path)]
        self.ROWS = [row for room in self._rooms for row in room.ROWS]
        self.NOUNS = self._joined("NOUNS")
        self.PAGES = self._joined("PAGES")

    def lay(self, world):
        """The things of every room, by name."""
        laid = {}
        for room in self._rooms:
            if hasattr(room, "lay"):
                laid |= room.lay(world)
        return laid

    def grow(self, world, serial):
        """One more of everything."""
        for room in self._rooms:
            if hasattr(room, "grow"):
                room.grow(world, serial)

    def _joined(self, name):
        return {k: v for room in self._rooms for k, v in getattr(room, name, {}).items()}
