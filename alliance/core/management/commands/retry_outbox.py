"""Look at effects that were tried too often, and try them again."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from alliance.core import outbox


class Command(BaseCommand):
    """`retry_outbox` lists what was given up; `--now` tries it all again."""

    help = "List outbox messages that were given up, with their last error; --now tries them again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """`--now` acts."""
        parser.add_argument("--now", action="store_true")

    def handle(self, *args: Any, now: bool, **options: Any) -> None:
        """List, then act if asked."""
        for message in outbox.given_up().iterator():
            self.stdout.write(f"{message.pk} {message.topic}: {message.last_error}")
        if now:
            self.stdout.write(f"{outbox.revive()} messages are tried again.")
