"""The doors of training on one page; each room registers its own, by what a person may do."""

from alliance.core.hub import Card, Hub

__all__ = ["Card", "cards", "cards_for"]

_hub = Hub()
cards, cards_for = _hub.cards, _hub.cards_for
