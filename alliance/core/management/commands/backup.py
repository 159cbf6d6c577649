"""Write the database and the uploaded files into one archive."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from alliance.core import backup


class Command(BaseCommand):
    """`manage.py backup PLACE`, a folder or the name of the archive to make."""

    help = "Write the database and the uploaded files into one archive."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the place."""
        parser.add_argument("place", type=Path, help="a folder, or a file that is not there yet")

    def handle(self, *args: Any, place: Path, **options: Any) -> str:
        """Make the archive, in a folder as `alliance-<date>-<time>.tar`, and say what is in it."""
        named = f"alliance-{timezone.now():%Y%m%d-%H%M%S}.tar"
        archive = place / named if place.is_dir() else place
        if archive.exists():
            raise CommandError(_("%(archive)s is already there.") % {"archive": archive})
        try:
            made = backup.write(archive)
        except (backup.BackupError, OSError) as error:
            raise CommandError(str(error)) from error
        self.stderr.write(_("Keep the encryption keys apart from it: without them it is no use."))
        return _("%(archive)s: the database and %(count)d uploaded files.") % {
            "archive": archive,
            "count": len(made.files) - 1,
        }
