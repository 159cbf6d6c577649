"""The doors of equipment on one page; each room registers its own, by what a person may do."""

from alliance.core.hub import Card, Deed, Hub, Todo

__all__ = ["Card", "Deed", "Todo", "cards", "cards_for", "todos", "todos_for"]

_hub = Hub()
cards, cards_for = _hub.cards, _hub.cards_for
todos, todos_for = _hub.todos, _hub.todos_for
