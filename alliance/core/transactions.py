"""The transaction of an action: begun by the action that is called, joined by those it calls.

Either the whole act is stored or nothing of it, so a savepoint between two actions would guard
nothing and cost two statements each. What a joined action refuses is therefore final: Django lets
no further statement through until the act is over. An act that goes on after a refusal (a table
brought in row by row) says `transaction.atomic` and calls from there, which keeps the savepoints.
"""

from collections.abc import Callable
from contextvars import ContextVar
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import transaction

P = ParamSpec("P")
R = TypeVar("R")

_acting = ContextVar("an action is under way", default=False)


def one_transaction(action: Callable[P, R]) -> Callable[P, R]:
    """Run an action in a transaction of its own, or in that of the action that calls it."""

    @wraps(action)
    def whole(*args: P.args, **kwargs: P.kwargs) -> R:
        with transaction.atomic(savepoint=not _acting.get()):
            token = _acting.set(True)
            try:
                return action(*args, **kwargs)
            finally:
                _acting.reset(token)

    return whole
