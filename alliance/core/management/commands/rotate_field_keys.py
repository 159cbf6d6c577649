"""Seal every encrypted value again under the newest key."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from alliance.core import rotation
from alliance.core.crypto import DecryptionError


class Command(BaseCommand):
    """`manage.py rotate_field_keys`."""

    help = "Seal every encrypted value again under the newest of FIELD_ENCRYPTION_KEYS."

    def handle(self, *args: Any, **options: Any) -> str:
        """Rewrite column by column and say how many values moved."""
        jobs: dict[str, Callable[[], int]] = {
            f"{model._meta.label}.{name}": partial(rotation.rotate, model, name)
            for model, name in rotation.encrypted_columns()
        }
        total = 0
        for label, rotate in {**jobs, **rotation.others()}.items():
            try:
                count = rotate()
            except DecryptionError as error:
                raise CommandError(f"{label}: {error}") from error
            self.stdout.write(f"{label}: {count}")
            total += count
        return _("%(count)d values moved. Older keys may be dropped now.") % {"count": total}
