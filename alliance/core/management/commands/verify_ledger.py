"""Recompute the ledger's hash chain and name the first line that does not hold."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from alliance.core import ledger


class Command(BaseCommand):
    """`verify_ledger` checks; `--head` also prints the head, `--head DIGEST` looks for it."""

    help = (
        "Recompute the ledger's hash chain. Exit status 1 names the first broken line. "
        "--head prints the end of the chain, to be noted elsewhere; --head DIGEST also fails "
        "when a head noted earlier is no longer part of the chain."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """`--head` with or without a digest."""
        parser.add_argument("--head", nargs="?", const="", default=None, metavar="DIGEST")

    def handle(self, *args: Any, head: str | None, **options: Any) -> None:
        """Check, print, and fail with one sentence."""
        expected = _digest(head) if head else None
        verdict = ledger.verify(expected=expected)
        if verdict.broken is not None:
            broken = verdict.broken
            line = f"entry {broken.entry_id}" if broken.entry_id else "the last entry"
            raise CommandError(
                f"The ledger is broken at position {broken.position} ({line}): {broken.reason}. "
                f"{verdict.held} lines before it hold."
            )
        if expected is not None and verdict.expected_at is None:
            raise CommandError(
                f"The chain holds, but the head {head} is not part of it: lines were cut off."
            )
        self.stdout.write(f"The ledger holds: {verdict.held} lines sealed.")
        waiting = ledger.unsealed(None).count()
        if waiting:
            self.stdout.write(f"{waiting} lines wait for their seal.")
        if expected is not None:
            self.stdout.write(f"The noted head stands at position {verdict.expected_at}.")
        elif head is not None:
            self.stdout.write(verdict.digest.hex())


def _digest(text: str) -> bytes:
    try:
        digest = bytes.fromhex(text)
    except ValueError:
        digest = b""
    if len(digest) != len(ledger.GENESIS):
        raise CommandError("A head has 64 hexadecimal digits.")
    return digest
