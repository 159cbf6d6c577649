"""Saving a row whose every field is checked, and saying what changed."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models


def validated(row: models.Model, errors: Mapping[str, Any], *, whole: str | None = None) -> None:
    """Raise one ValidationError with the rules' `errors` and the model's own, by field.

    Refusals of table constraints that name no field are told at field `whole`, where given.
    """
    found: dict[str, Any] = {field: [message] for field, message in errors.items()}
    try:
        row.full_clean(exclude=set(errors))
    except ValidationError as error:
        own = error.message_dict
        if whole and NON_FIELD_ERRORS in own:
            own.setdefault(whole, []).extend(own.pop(NON_FIELD_ERRORS))
        found |= own
    if found:
        raise ValidationError(found)


def assign(row: models.Model, values: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Set the values on the row and return `{field: [before, after]}` of those that differ."""
    changed: dict[str, list[Any]] = {}
    for field, value in values.items():
        before = getattr(row, field)
        if before != value:
            changed[field] = [plain(before), plain(value)]
            setattr(row, field, value)
    return changed


def without(changed: Mapping[str, list[Any]], hidden: Iterable[str]) -> dict[str, list[Any] | bool]:
    """The same, where fields that identify a person say only that they changed."""
    return {field: True if field in hidden else pair for field, pair in changed.items()}


def plain(value: Any) -> Any:
    """A value as the ledger keeps it."""
    if isinstance(value, models.Model):
        return value.pk
    return value if value is None or isinstance(value, bool | int) else str(value)
