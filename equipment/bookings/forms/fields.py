"""Fields that the forms of bookings share."""

from collections.abc import Iterable
from typing import Any

from django import forms


def moment_input() -> forms.DateTimeInput:
    """The browser's own picker of a day and a time."""
    return forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")


class RowField(forms.ChoiceField):
    """One row of those offered, by its public id; `offer` says which, with what words."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.rows: dict[str, Any] = {}

    def offer(self, rows: Iterable[tuple[Any, Any]], *, empty: Any = "") -> None:
        """Offer these rows with their words."""
        pairs = list(rows)
        self.rows = {str(row.public_id): row for row, _words in pairs}
        blank = [("", empty)] if empty or not self.required else []
        self.choices = [*blank, *((str(row.public_id), words) for row, words in pairs)]

    def clean(self, value: Any) -> Any:
        """The row; None where nothing was chosen and nothing need be."""
        return self.rows.get(super().clean(value))


class RowsField(forms.MultipleChoiceField):
    """Several rows of those offered, by their public ids."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.CheckboxSelectMultiple, **kwargs)
        self.rows: dict[str, Any] = {}

    def offer(self, rows: Iterable[tuple[Any, Any]]) -> None:
        """Offer these rows with their words."""
        pairs = list(rows)
        self.rows = {str(row.public_id): row for row, _words in pairs}
        self.choices = [(str(row.public_id), words) for row, words in pairs]

    def clean(self, value: Any) -> Any:
        """The rows, in the order in which they were offered."""
        chosen = set(super().clean(value))
        return [row for pk, row in self.rows.items() if pk in chosen]
