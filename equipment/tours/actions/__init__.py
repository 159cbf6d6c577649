"""The only writers of tours, their stops and places."""

from .places import book_place, cancel_place
from .stops import add_stop, cancel_stop, change_stop
from .tours import change_tour, move, plan_tour

__all__ = [
    "add_stop",
    "book_place",
    "cancel_place",
    "cancel_stop",
    "change_stop",
    "change_tour",
    "move",
    "plan_tour",
]
