"""Form fields of mentoring."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ImproperlyConfigured
from django.db.models import QuerySet
from django.utils.translation import gettext as _


class RowsField(forms.MultipleChoiceField):
    """Several rows by their ids: those offered, or found by typing where scripts run.

    The view says which rows may be named, by setting `rows`.
    """

    def __init__(self, *, url: Any = "", **kwargs: Any) -> None:
        widget = forms.SelectMultiple(attrs={"data-combobox": url})
        super().__init__(widget=widget, **kwargs)
        self.rows: QuerySet[Any] | None = None
        self.words: Callable[[Any], str] = str
        self._options: dict[str, str] = {}

    def offer(self, rows: Iterable[Any]) -> None:
        """Show these rows as options."""
        for row in rows:
            self._options.setdefault(str(row.public_id), self.words(row))
        self.choices = list(self._options.items())

    def clean(self, value: Any) -> list[Any]:
        """The rows named; ValidationError where one is not to be found."""
        if self.rows is None:
            raise ImproperlyConfigured("the view must say which rows this field may name")
        asked = [_uuid(one) for one in value or []]
        if self.required and not asked:
            raise forms.ValidationError(self.error_messages["required"], code="required")
        found = list(self.rows.filter(public_id__in=asked)) if asked else []
        if len(found) != len(set(asked)):
            raise forms.ValidationError(
                _("One of them is not to be found. Choose from the list again.")
            )
        self.offer(found)
        return found


def _uuid(text: Any) -> UUID | None:
    try:
        return UUID(str(text))
    except ValueError:
        return None
