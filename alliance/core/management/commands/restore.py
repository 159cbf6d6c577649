"""Put an archive of `backup` in the place of what is here."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from alliance.core import backup


class Command(BaseCommand):
    """`manage.py restore ARCHIVE`; web and worker should rest meanwhile."""

    help = "Check an archive of `backup`, then put it in the place of what is here."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the archive."""
        parser.add_argument("archive", type=Path)
        parser.add_argument("--force", action="store_true", help="replace what is there")

    def handle(self, *args: Any, archive: Path, force: bool, **options: Any) -> str:
        """Verify, refuse or restore."""
        try:
            listed = backup.restore(archive, force=force)
        except (backup.BackupError, OSError) as error:
            raise CommandError(str(error)) from error
        return _("Restored the state of %(made_at)s; now run migrate.") % {
            "made_at": listed.made_at
        }
