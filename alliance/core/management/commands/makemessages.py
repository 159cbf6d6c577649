"""Django's makemessages with this project's options, and `--check`, which changes nothing."""

import re
import subprocess
from pathlib import Path
from typing import Any

import polib
from django.core.management.base import CommandError, CommandParser
from django.core.management.commands import makemessages

_PLACEHOLDER = re.compile(r"%\((\w+)\)|\{(\w+)\}")


class Command(makemessages.Command):
    """Collect the strings of code and templates into the Chinese catalogue, or compare with it."""

    # A sentence that only resembles a translated one may say the opposite.
    msgmerge_options = [*makemessages.Command.msgmerge_options, "--no-fuzzy-matching"]
    # Where a module needs both, the second kind goes by one of these names.
    xgettext_options = [*makemessages.Command.xgettext_options, "--keyword=_lazy", "--keyword=_t"]

    def add_arguments(self, parser: CommandParser) -> None:
        """Add `--check` and the project's defaults."""
        super().add_arguments(parser)
        parser.add_argument(
            "--check", action="store_true", help="only say what is missing, as an error"
        )
        parser.set_defaults(
            locale=["zh_Hans"],
            no_obsolete=True,
            add_location="file",
            ignore_patterns=["node_modules/*", "requirements/*", "tests/*"],
        )

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        """Collect or compare."""
        self.faults: dict[str, None] | None = {} if check else None
        super().handle(*args, **options)
        if self.faults:
            raise CommandError("\n".join(self.faults))

    def write_po_file(self, potfile: str, locale: str) -> None:
        """Write the catalogue, or list what it lacks."""
        if self.faults is None:
            super().write_po_file(potfile, locale)
        else:
            catalogue = Path(potfile).parent / locale / "LC_MESSAGES" / f"{self.domain}.po"
            self.faults |= dict.fromkeys(faults(Path(potfile), catalogue))


def faults(wanted: Path, catalogue: Path) -> list[str]:
    """Say what is wrong with a catalogue: strings it lacks, no longer needs or has half done."""
    used = {_key(entry) for entry in polib.pofile(str(wanted))}
    entries = [entry for entry in polib.pofile(str(catalogue)) if not entry.obsolete]
    known = {_key(entry) for entry in entries}
    found = [f"not collected (./dev messages): {text!r}" for _, text in sorted(used - known)]
    found += [f"not used any more (./dev messages): {text!r}" for _, text in sorted(known - used)]
    found += [f"fuzzy: {entry.msgid!r}" for entry in entries if entry.fuzzy]
    found += [
        f"not translated: {entry.msgid!r}"
        for entry in entries
        if not entry.fuzzy and not entry.translated()
    ]
    # Chinese has one form: a singular that is also asked for by itself would show the plural's
    # placeholder as it stands.
    found += [
        f"another placeholder in its plural: {entry.msgid!r}"
        for entry in entries
        if entry.msgid_plural and _placeholders(entry.msgid) != _placeholders(entry.msgid_plural)
    ]
    # GNU gettext knows whether a translation keeps the placeholders of its string.
    compile_ = ["msgfmt", "--check-format", "--output-file=/dev/null", str(catalogue)]
    said = subprocess.run(compile_, capture_output=True, text=True, check=False)
    return found + (said.stderr.strip().splitlines() if said.returncode else [])


def _placeholders(text: str) -> set[str]:
    return {a or b for a, b in _PLACEHOLDER.findall(text)}


def _key(entry: polib.POEntry) -> tuple[str, str]:
    return entry.msgctxt or "", entry.msgid
