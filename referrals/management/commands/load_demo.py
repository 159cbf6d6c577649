"""`manage.py load_demo [--referrals N]`: the demo alliance; safe to run again."""

import secrets
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import translation
from django.utils.translation import gettext as _

from referrals.demo import accounts, bulk, loading


class Command(BaseCommand):
    """Builds the demo alliance once, and scales its history when asked."""

    help = "Load the demo alliance. Running it again changes nothing that is there."

    def add_arguments(self, parser: CommandParser) -> None:
        """`--referrals N` scales the history to N referrals in all."""
        parser.add_argument("--referrals", type=int, default=0)
        parser.add_argument(
            "--accounts", type=Path, default=settings.RUN_DIR / "demo-accounts.json"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Load, scale, and write the accounts file when it is new or missing."""
        if not settings.DEMO_MODE:
            raise CommandError(_("Demo data is loaded in demo mode only."))
        # What the demo names (its catalogue edition, say) is named in Chinese.
        with translation.override("zh-hans"):
            built = loading.load(password=secrets.token_urlsafe(12))
        self.stdout.write(_("Demo alliance built.") if built else _("Demo alliance is there."))
        if options["referrals"]:
            count = bulk.scale(options["referrals"])
            self.stdout.write(_("%(n)d referrals.") % {"n": count})
        path: Path = options["accounts"]
        if built or not path.exists():
            accounts.write(path)
            self.stdout.write(str(path))
