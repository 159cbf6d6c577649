"""The tiles of the alliance office; rooms above add theirs, since this one cannot see them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from .models import Alliance


@dataclass(frozen=True)
class Tile:
    """One door of the office: what it is for, and what waits behind it."""

    title: Any
    text: Any
    url: str
    icon: str
    note: str = ""
    tone: str = ""


Maker = Callable[[Any, Alliance | None], Iterable[Tile]]
_makers: list[tuple[int, Maker]] = []


def tiles(order: int) -> Callable[[Maker], Maker]:
    """Register a function that gives a user's tiles for an alliance, or none."""

    def register(maker: Maker) -> Maker:
        _makers.append((order, maker))
        return maker

    return register


def tiles_for(user: Any, alliance: Alliance | None) -> list[Tile]:
    """All tiles a user has, in order."""
    ordered = sorted(_makers, key=lambda pair: pair[0])
    return [tile for _order, maker in ordered for tile in maker(user, alliance)]
