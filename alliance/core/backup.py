"""One archive of everything: the database by pg_dump, the uploaded files, a list with checksums.

The keys that encrypt identity numbers are not in it; it only knows whether they are the same.
"""

import contextlib
import hashlib
import json
import os
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, cast

from django.conf import settings
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from .crypto import DecryptionError, decrypt, encrypt, lookup_digest

DUMP, MEDIA, MANIFEST = "database.dump", "media/", "manifest.json"
# The schema is made anew as PostgreSQL itself makes it, else later dumps would carry it along.
EMPTY = (
    b"BEGIN; SET lock_timeout = '30s'; DROP SCHEMA public CASCADE;"
    b" CREATE SCHEMA public AUTHORIZATION pg_database_owner;\n"
)
WORD = "backup"


class BackupError(Exception):
    """Why a backup was not made or not restored, in words for the operator."""


@dataclass(frozen=True)
class Manifest:
    """What an archive holds: when it was made, a word sealed by its keys, the files' SHA-256."""

    made_at: str
    sealed: str
    digest: str
    files: dict[str, str]


def write(archive: Path) -> Manifest:
    """Write an archive that only its owner may read; a broken run leaves no file of that name."""
    with tempfile.TemporaryDirectory(dir=archive.parent) as folder:
        # The dump first: every file it speaks of is then still there, as files are only ever added.
        dump = Path(folder, DUMP)
        _run("pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={dump}")
        files = {DUMP: dump} | dict(_uploads())
        made = Manifest(
            made_at=timezone.now().isoformat(timespec="seconds"),
            sealed=encrypt(WORD),
            digest=lookup_digest(WORD),
            files={name: _digest(path) for name, path in files.items()},
        )
        listed = Path(folder, MANIFEST)
        listed.write_text(json.dumps(asdict(made), indent=1, ensure_ascii=False))
        part = Path(folder, archive.name)
        part.touch(mode=0o600)
        with tarfile.open(part, "w") as tar:
            for name, path in (files | {MANIFEST: listed}).items():
                tar.add(path, name, recursive=False)
        part.rename(archive)
    return made


def verify(archive: Path) -> Manifest:
    """Read the whole archive; raise BackupError unless every file is what the list says."""
    found: dict[str, str] = {}
    listed: Manifest | None = None
    try:
        with tarfile.open(archive) as tar:
            for member in tar:
                content = tar.extractfile(member)
                if content is None:
                    raise BackupError(_("%(name)s is no file.") % {"name": member.name})
                if member.name == MANIFEST:
                    listed = Manifest(**json.load(content))
                else:
                    found[member.name] = hashlib.file_digest(content, "sha256").hexdigest()  # type: ignore[arg-type]
    except (tarfile.TarError, ValueError, TypeError, EOFError) as error:
        raise BackupError(_("The archive cannot be read: %(why)s") % {"why": error}) from error
    if listed is None:
        raise BackupError(_("The archive has no list of its files; it is not complete."))
    wrong = sorted(name for name, _sum in found.items() ^ listed.files.items())
    if wrong:
        raise BackupError(_("The checksum is wrong for: %(names)s") % {"names": ", ".join(wrong)})
    return listed


def restore(archive: Path, *, force: bool) -> Manifest:
    """Put an archive in the place of what is here: all of the database, or none of it."""
    listed = verify(archive)
    _check_keys(listed)
    if not force and connection.introspection.table_names():
        raise BackupError(_("The database is not empty; --force replaces what is in it."))
    connection.close()
    with tempfile.TemporaryDirectory() as folder, tarfile.open(archive) as tar:
        for member in tar:
            if member.name == DUMP:
                tar.extract(member, folder, filter="data")
            elif member.name.startswith(MEDIA):
                member.name = member.name.removeprefix(MEDIA)
                tar.extract(member, settings.MEDIA_ROOT, filter="data")
        _load(Path(folder, DUMP))
    return listed


def _load(dump: Path) -> None:
    """Replace the tables in one transaction, committed only when the whole dump was read."""
    command = [_program("pg_restore"), "--no-owner", "--no-privileges", "--file=-", str(dump)]
    target = [
        _program("psql"),
        "--quiet",
        "--no-psqlrc",
        "--set=ON_ERROR_STOP=1",
        "--output=/dev/null",
    ]
    with (
        tempfile.TemporaryFile() as said,
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=said) as source,
        subprocess.Popen(target, stdin=subprocess.PIPE, stderr=said, env=_environment()) as sink,
    ):
        dumped, feed = cast("IO[bytes]", source.stdout), cast("IO[bytes]", sink.stdin)
        with contextlib.suppress(BrokenPipeError), feed:  # psql leaves at its first error
            feed.write(EMPTY)
            shutil.copyfileobj(dumped, feed)
            if source.wait() == 0:
                feed.write(b"COMMIT;\n")
        if sink.wait() or source.wait():
            said.seek(0)
            raise BackupError(said.read().decode(errors="replace").strip())


def _check_keys(listed: Manifest) -> None:
    """Refuse an archive whose identity numbers nobody here could read or find again."""
    try:
        same = decrypt(listed.sealed) == WORD and lookup_digest(WORD) == listed.digest
    except DecryptionError:
        same = False
    if not same:
        raise BackupError(_("The archive was made with other FIELD_ENCRYPTION_KEYS or LOOKUP_KEY."))


def _uploads() -> Iterator[tuple[str, Path]]:
    root = Path(settings.MEDIA_ROOT)
    for path in sorted(root.rglob("*")):
        if path.is_file():
            yield MEDIA + path.relative_to(root).as_posix(), path


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _run(program: str, *arguments: str) -> None:
    command = [_program(program), *arguments]
    done = subprocess.run(command, env=_environment(), capture_output=True, text=True, check=False)
    if done.returncode:
        raise BackupError(done.stderr.strip())


def _program(name: str) -> str:
    path = shutil.which(name)
    if path is None:
        raise BackupError(
            _("%(name)s is not installed; it comes with PostgreSQL.") % {"name": name}
        )
    return path


def _environment() -> dict[str, str]:
    """Tell PostgreSQL's own programs where Django's database is, the password unseen by others."""
    here = connection.settings_dict
    names = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD"}
    known = {"PGDATABASE": here["NAME"], **{name: here[key] for name, key in names.items()}}
    known |= {f"PG{option.upper()}": value for option, value in here["OPTIONS"].items()}
    return os.environ | {name: str(value) for name, value in known.items() if value}
