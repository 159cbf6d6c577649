"""`manage.py state_docs`: write docs/states/referral.md from the table of moves."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from referrals.diagram import markdown


class Command(BaseCommand):
    """Writes the state diagram and tables."""

    help = "Write docs/states/referral.md from referrals/workflow.py."

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the page."""
        path = settings.BASE_DIR / "docs" / "states" / "referral.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(markdown(), encoding="utf-8")
        self.stdout.write(str(path.relative_to(settings.BASE_DIR)))
