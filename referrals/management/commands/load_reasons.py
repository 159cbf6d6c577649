"""`manage.py load_reasons`: the coded reasons that moves may carry; safe to run again."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from referrals.actions import load_reason_codes


class Command(BaseCommand):
    """Adds the starter reasons."""

    help = "Add the starter reason codes that are missing."

    def handle(self, *args: Any, **options: Any) -> None:
        """Add them and say how many."""
        self.stdout.write(_("%(n)d reasons added.") % {"n": load_reason_codes()})
