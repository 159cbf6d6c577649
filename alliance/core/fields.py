"""Model fields of the whole house."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core import checks
from django.core.validators import MaxLengthValidator
from django.db import models

from . import crypto

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper
    from django.db.models import Lookup, Transform
    from django.db.models.expressions import Expression

    TextField = models.TextField[Any, Any]
else:
    TextField = models.TextField


class EncryptedTextField(TextField):
    """A text that is sealed in the database and clear in Python (see ``alliance.core.crypto``).

    Nothing can be looked up, ordered or made unique by it, since the same text is sealed
    differently each time; only ``isnull`` answers. Keep a ``lookup_digest`` beside it for finding.
    ``""`` stays ``""``, so that constraints can ask for emptiness. ``dumpdata`` writes clear text.
    """

    description = "Text, encrypted at rest"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.max_length is not None:
            self.validators.append(MaxLengthValidator(self.max_length))

    def check(self, **kwargs: Any) -> list[checks.CheckMessage]:
        """Refuse what can never work on sealed values."""
        faults = [
            name
            for name, used in (
                ("primary_key", self.primary_key),
                ("unique", self.unique),
                ("db_index", getattr(self, "db_index", False)),
                ("db_default", self.has_db_default()),
            )
            if used
        ]
        own: list[checks.CheckMessage] = [
            checks.Error(
                f"An encrypted field cannot have {', '.join(faults)}.",
                hint="Put the constraint on a column that keeps crypto.lookup_digest(value).",
                obj=self,
                id="core.E101",
            )
        ]
        return super().check(**kwargs) + (own if faults else [])

    def get_lookup(self, lookup_name: str) -> type[Lookup[Any]] | None:
        """Only ``isnull``: anything else would compare seals and silently find nothing."""
        return super().get_lookup(lookup_name) if lookup_name == "isnull" else None

    def get_transform(self, lookup_name: str) -> type[Transform] | None:
        """None: the database sees only the seal."""
        return None

    def get_db_prep_value(
        self, value: Any, connection: BaseDatabaseWrapper, prepared: bool = False
    ) -> Any:
        """Seal on the way into the database."""
        text = super().get_db_prep_value(value, connection, prepared)
        return crypto.encrypt(text) if text else text

    def from_db_value(
        self, value: str | None, expression: Expression, connection: BaseDatabaseWrapper
    ) -> str | None:
        """Open on the way out."""
        return crypto.decrypt(value) if value else value

    def formfield(self, *args: Any, **kwargs: Any) -> Any:
        """One line: what is encrypted is short, such as a number or a phone."""
        return super().formfield(*args, **{"widget": forms.TextInput, **kwargs})
