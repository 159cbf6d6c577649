"""A database with all tables and nothing in them, made once and copied for every process of tests.

Carrying out a hundred migrations takes half a minute; PostgreSQL copies what they made in a second.
The copy is kept from run to run, under a name that tells which migrations it comes from.
`python -m tests.migrated` makes it ahead of the tests, which make it themselves where it is missing.
"""

import contextlib
import hashlib
from collections.abc import Iterator
from pathlib import Path
from unittest import mock

import django
from django.apps import apps
from django.core.management import call_command
from django.db import connection, connections
from django.db.migrations.state import ProjectState

OURS = {"alliance", "training", "equipment", "referrals", "qc"}
# Whoever comes second waits until the first has made it: the number is any, the same for all.
_LOCK = 20_250_413


def made() -> str:
    """Return the name of the database to copy, after making it where it does not stand yet."""
    prefix = _prefix()
    name = prefix + _fingerprint()
    with _server() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
        cursor.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [prefix])
        standing = {found for (found,) in cursor.fetchall()}
        if name not in standing:
            for old in standing:
                cursor.execute(f'DROP DATABASE "{old}"')
            # A name that nobody looks for until all is done: a killed run leaves nothing half made.
            cursor.execute(f'CREATE DATABASE "{prefix}new"')
            _migrate(f"{prefix}new")
            cursor.execute(f'ALTER DATABASE "{prefix}new" RENAME TO "{name}"')
        cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])
    return name


def _prefix() -> str:
    """How the names of our copies begin: others who test on the same server have their own."""
    usual = connection.settings_dict["NAME"]
    return f"migrated_{hashlib.sha256(usual.encode()).hexdigest()[:6]}_"


def _fingerprint() -> str:
    """What the tables come from, in short."""
    known = hashlib.sha256()
    for config in sorted(apps.get_app_configs(), key=lambda config: config.label):
        for path in sorted(Path(config.path, "migrations").glob("*.py")):
            known.update(f"{config.label}/{path.name}".encode() + path.read_bytes())
    return known.hexdigest()[:12]


@contextlib.contextmanager
def _server() -> Iterator[object]:
    """A cursor beside all databases of the server."""
    with connection._nodb_cursor() as cursor:
        yield cursor


def _migrate(name: str) -> None:
    """Carry out all migrations in a database, and leave it alone."""
    usual = connection.settings_dict["NAME"]
    connections.close_all()
    connection.settings_dict["NAME"] = name
    try:
        with _lean():
            call_command("migrate", verbosity=0, interactive=False)
    finally:
        connections.close_all()
        connection.settings_dict["NAME"] = usual


@contextlib.contextmanager
def _lean() -> Iterator[None]:
    """Do not draw models anew for each index and constraint: half of what migrating costs.

    What the migrations do to the database is the same; they ask the model's table and columns only.
    """
    known = ProjectState._append_option
    ours = {config.label for config in apps.get_app_configs() if config.name.split(".")[0] in OURS}

    def keep(state: ProjectState, app: str, model: str, option: str, made: object) -> None:
        if app in ours:
            options = state.models[app, model].options
            options[option] = [*options[option], made]
        else:
            known(state, app, model, option, made)

    with mock.patch.object(ProjectState, "_append_option", keep):
        yield


if __name__ == "__main__":
    django.setup()
    made()
