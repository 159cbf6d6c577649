"""A page on which an app begins: its rooms hang up their own doors, by what a person may do."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Card:
    """One door: what it is for, and what waits behind it."""

    title: Any
    text: Any
    url: str
    icon: str
    note: str = ""
    tone: str = ""


Maker = Callable[[Any], Iterable[Card]]


class Hub:
    """The doors of one app; `cards` registers what a room hangs up, `cards_for` gathers them."""

    def __init__(self) -> None:
        self._makers: list[tuple[int, Maker]] = []

    def cards(self, order: int) -> Callable[[Maker], Maker]:
        """Register a function that gives a user's cards; lower orders are shown first."""

        def register(maker: Maker) -> Maker:
            self._makers.append((order, maker))
            return maker

        return register

    def cards_for(self, user: Any) -> list[Card]:
        """Every card of a user, in order; those behind which something waits come first."""
        makers = sorted(self._makers, key=lambda pair: pair[0])
        found = [card for _order, maker in makers for card in maker(user)]
        return sorted(found, key=lambda card: not card.note)
