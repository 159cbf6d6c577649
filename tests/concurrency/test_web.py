"""The web processes as gunicorn runs them: several, renewed, behind a proxy, with their numbers."""

import os
import re
import signal
from contextlib import closing
from http.client import HTTPConnection

import pytest

from alliance.core.models import AuditEntry
from tests import worlds
from tests.access.cast import system_of

from .processes import Platform, alive, until

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
LINE = re.compile(
    r'^yilian_requests_total\{method="GET",route="core:live",status="200"\} (\S+)$', re.MULTILINE
)


@pytest.fixture
def platform(tmp_path, transactional_db):
    running = Platform(tmp_path)
    running.start_broker()
    yield running
    running.stop()


def ask(port, path, **headers):
    """One request on a connection of its own; status and body."""
    with closing(HTTPConnection("127.0.0.1", port, timeout=60)) as line:
        line.request(
            "GET", path, headers={name.replace("_", "-"): v for name, v in headers.items()}
        )
        answer = line.getresponse()
        return answer.status, answer.read().decode()


def counted(port):
    """How often the numbers say that /health/live/ was answered."""
    found = LINE.search(ask(port, "/metrics")[1])
    return float(found[1]) if found else 0.0


def test_any_process_tells_the_numbers_of_all_and_of_those_that_ended(platform):
    port = platform.web(workers=2)
    web = platform.processes[-1]
    until(lambda: len(web.booted()) == 2)
    before = counted(port)
    for _request in range(40):
        assert ask(port, "/health/live/")[0] == 200
    assert [counted(port) for _scrape in range(8)] == [before + 40] * 8
    files = platform.metrics_files()
    assert len(files) > len({file.name.split("_")[0] for file in files}), "both have counted"

    for process in web.booted():
        os.kill(int(process), signal.SIGKILL)
    until(lambda: len(web.booted()) == 4)
    until(lambda: alive(port))
    assert counted(port) > before + 40
    # Who follows counts on in the files of who went; the rest is the master's before it forks.
    assert len(platform.metrics_files()) <= len(files) + 2

    assert web.end() == 0
    assert platform.metrics_files() == []


@pytest.mark.parametrize(
    ("trusted", "noted"), [("", "127.0.0.1"), ("127.0.0.0/8,::1", "203.0.113.7")]
)
def test_the_ledger_believes_only_proxies_that_were_named(platform, trusted, noted):
    world = worlds.alliance()
    patient = worlds.patient(world)
    authorization = system_of(world.township).client.defaults["HTTP_AUTHORIZATION"]
    port = platform.web(TRUSTED_PROXIES=trusted)
    status, _said = ask(
        port,
        f"/api/v1/patients/{patient.public_id}/",
        Authorization=authorization,
        X_Forwarded_For="198.51.100.9, 203.0.113.7",
    )
    assert status == 200
    assert AuditEntry.objects.latest("pk").ip == noted
