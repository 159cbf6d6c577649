"""Fill specialties, diseases, techniques and an alliance's first catalogue edition."""

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from alliance.institutions.models import Alliance

from ...actions import load_starter


class Command(BaseCommand):
    """`manage.py load_starter --alliance NAME`: safe to run again."""

    help = "Add missing starter data; with --alliance also publish its first catalogue edition."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which alliance gets a first edition, and from when on."""
        parser.add_argument("--alliance", help="name of the alliance")
        parser.add_argument(
            "--effective-from", type=date.fromisoformat, help="YYYY-MM-DD, today when left out"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Load and say what was added."""
        alliance = None
        if options["alliance"]:
            alliance = Alliance.objects.filter(name=options["alliance"]).first()
            if alliance is None:
                raise CommandError(f"There is no alliance named {options['alliance']}.")
        loaded = load_starter(alliance=alliance, effective_from=options["effective_from"])
        self.stdout.write(
            f"added {loaded.specialties} specialties, {loaded.diseases} diseases,"
            f" {loaded.techniques} techniques"
        )
        if loaded.edition is not None:
            self.stdout.write(f"published {loaded.edition} from {loaded.edition.effective_from}")
