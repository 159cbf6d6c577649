"""Saving a row whose every field is checked, and saying what changed."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext_lazy as _

from .days import IMPLAUSIBLE, is_plausible

# The last word where a table refuses what no rule had: nobody is told the name of a constraint.
_UNWORDED = _("Some numbers, dates or choices do not fit together. Check them and send it again.")


def validated(
    row: models.Model, errors: Mapping[str, Any], *, only: Iterable[str] | None = None
) -> None:
    """Raise one ValidationError with the rules' `errors` and the model's own, by field.

    A table constraint whose `violation_error_code` is the name of a field is told at that field;
    one without a sentence of its own is told in general words.
    `only` limits the look to fields that are about to be written. Days that nobody can have meant
    are refused whatever the model says.
    """
    found: dict[str, Any] = {field: [message] for field, message in errors.items()}
    names = {field.name for field in row._meta.fields}
    skipped = set(errors) if only is None else names - set(only) | set(errors)
    found |= {name: [IMPLAUSIBLE] for name in names - skipped if _is_absurd(row.__dict__.get(name))}
    try:
        row.full_clean(exclude=skipped)
    except ValidationError as error:
        for field, sentence in _told(error, names, _nameless(row)):
            known = found.setdefault(field, [])
            if sentence not in known:
                known.append(sentence)
    if found:
        raise ValidationError(found)


def store(
    row: models.Model, errors: Mapping[str, Any] | None = None, *, only: Iterable[str] | None = None
) -> None:
    """Save a row that `validated` accepts; a twin that came first is told like any other fault.

    Two transactions may both pass the checks. The table then refuses the later one, which looks
    again, sees the winner, and says at which field they clash.
    """
    validated(row, errors or {}, only=only)
    try:
        with transaction.atomic():
            row.save(update_fields=only)
    except IntegrityError:
        validated(row, {}, only=only)
        raise


def _is_absurd(value: Any) -> bool:
    return isinstance(value, date) and not is_plausible(value)


def _nameless(row: models.Model) -> Collection[str]:
    """What Django says of constraints without a sentence of their own: their names."""
    every = row._meta.constraints
    return {one.default_violation_error_message % {"name": one.name} for one in every}


def _told(
    error: ValidationError, names: Collection[str], nameless: Collection[str]
) -> Iterator[tuple[str, str]]:
    """Each sentence with the field where it is told."""
    for field, errors in error.error_dict.items():
        for one in errors:
            at_code = field == NON_FIELD_ERRORS and one.code in names
            for sentence in one.messages:
                words = str(_UNWORDED) if sentence in nameless else sentence
                yield (str(one.code) if at_code else field), words


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
