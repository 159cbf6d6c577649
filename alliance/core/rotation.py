"""Moving encrypted columns from older keys to the newest, while people work.

Put the new key in front of ``FIELD_ENCRYPTION_KEYS``, restart every process, rotate, and only then
drop the old key. Rotation may be stopped, repeated and run beside itself: each row is rewritten
only where it still holds what was read, so a save in between is never undone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django.apps import apps
from django.db.models import Model, QuerySet, TextField, Value
from django.db.models.functions import Cast

from . import crypto
from .fields import EncryptedTextField

_BATCH = 1000
_others: dict[str, Callable[[], int]] = {}


def also(label: str) -> Callable[[Callable[[], int]], Callable[[], int]]:
    """Register a function that rotates sealed values which are no column of their own."""

    def register(function: Callable[[], int]) -> Callable[[], int]:
        _others[label] = function
        return function

    return register


def others() -> Mapping[str, Callable[[], int]]:
    """The registered functions by what they rotate."""
    return _others


def encrypted_columns() -> list[tuple[type[Model], str]]:
    """Every encrypted field of every table, as model and field name."""
    return [
        (model, field.name)
        for model in apps.get_models()
        if model._meta.managed
        for field in model._meta.local_fields
        if isinstance(field, EncryptedTextField)
    ]


def rotate(model: type[Model], name: str) -> int:
    """Seal one column's values again under the newest key; return how many were rewritten.

    Raises ``crypto.DecryptionError`` at the first value whose key is not listed any more.
    """
    rewritten = 0
    for pk, token in _on_older_keys(model, name):
        fresh = Value(crypto.rotate(token), output_field=TextField())
        rewritten += _sealed(model, name).filter(pk=pk, sealed=token).update(**{name: fresh})
    return rewritten


def _sealed(model: type[Model], name: str) -> QuerySet[Any]:
    """Rows with the column as it is stored: a plain text to the database."""
    return model._base_manager.annotate(sealed=Cast(name, TextField()))


def _on_older_keys(model: type[Model], name: str) -> Iterator[tuple[Any, str]]:
    """Primary key and stored value of each row to rewrite, read page by page."""
    older = (
        _sealed(model, name)
        .exclude(sealed="")
        .exclude(sealed=None)
        .exclude(sealed__startswith=crypto.newest_prefix())
        .order_by("pk")
    )
    last = None
    while page := list(
        (older if last is None else older.filter(pk__gt=last)).values_list("pk", "sealed")[:_BATCH]
    ):
        yield from page
        last = page[-1][0]
