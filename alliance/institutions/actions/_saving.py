"""Saving a row whose every field is checked, and saying what changed."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models


def validated(row: models.Model, errors: Mapping[str, Any]) -> None:
    """Raise one ValidationError with the rules' `errors` and the model's own, by field.

    Constraints are asked only of a row whose every field is sound: Django cannot evaluate a
    constraint's condition without the fields it names.
    """
    found: dict[str, Any] = {field: [message] for field, message in errors.items()}
    try:
        row.clean_fields(exclude=set(errors))
    except ValidationError as error:
        found |= error.message_dict
    if found:
        raise ValidationError(found)
    row.validate_unique()
    row.validate_constraints()


def assign(row: models.Model, values: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Set the values on the row and return `{field: [before, after]}` of those that differ."""
    changed: dict[str, list[Any]] = {}
    for field, value in values.items():
        before = getattr(row, field)
        if before != value:
            changed[field] = [_plain(before), _plain(value)]
            setattr(row, field, value)
    return changed


def _plain(value: Any) -> Any:
    """A value as the ledger keeps it."""
    if isinstance(value, models.Model):
        return value.pk
    return value if value is None or isinstance(value, bool | int) else str(value)
