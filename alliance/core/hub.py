"""A page on which an app begins: its rooms hang up their own doors, by what a person may do.

Rooms also say what waits for a person's word, each with the buttons that give it.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
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


@dataclass(frozen=True)
class Deed:
    """A button that answers what waits; `asks` names the question where a reason is needed."""

    label: Any
    url: str
    css: str = ""
    fields: Mapping[str, Any] = field(default_factory=dict)
    asks: Any = ""


@dataclass(frozen=True)
class Todo:
    """One thing that waits for a person's word, until when, and what they may answer."""

    title: Any
    url: str
    text: str = ""
    due: datetime | None = None
    deeds: tuple[Deed, ...] = ()


Maker = Callable[[Any], Iterable[Card]]
TodoMaker = Callable[[Any, datetime], Iterable[Todo]]


class Hub:
    """The doors of one app; `cards` registers what a room hangs up, `cards_for` gathers them."""

    def __init__(self) -> None:
        self._makers: list[tuple[int, Maker]] = []
        self._todos: list[TodoMaker] = []

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

    def todos(self, maker: TodoMaker) -> TodoMaker:
        """Register a function that tells what waits for a user at a moment."""
        self._todos.append(maker)
        return maker

    def todos_for(self, user: Any, at: datetime) -> list[Todo]:
        """Everything that waits for a user's word."""
        return [one for maker in self._todos for one in maker(user, at)]
