"""Errors name what was wrong by the path that the caller sent it under."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError


@contextmanager
def sent_under(name: str, *, whole: str = "") -> Iterator[None]:
    """Errors of one part of what was sent, under the path that the caller sent it by.

    `name.field`, as in `consent.given_by`; or all of them under `whole`, the one field there was.
    """
    try:
        yield
    except ValidationError as error:
        faults = error.update_error_dict({})
        if whole:
            raise ValidationError({whole: list(chain(*faults.values()))}) from error
        raise ValidationError({_path(name, key): found for key, found in faults.items()}) from error


def _path(name: str, key: str) -> str:
    return name if key == NON_FIELD_ERRORS else f"{name}.{key}"
