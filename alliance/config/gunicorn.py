"""How gunicorn serves, in the demonstration as in the deployment: `--config` names this file.

What differs is said where it is started: `--bind`, and WEB_CONCURRENCY for the processes.
"""

import itertools
import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

from prometheus_client import values

threads = 4
# Threads answer the watchdog while they work, so a large export is never cut short by this.
timeout = 60
# What runs when a process is replaced or the service stops may come to its end first.
graceful_timeout = 90
# Longer than proxies keep an idle connection (nginx: 60 s), else they send into a closed one.
keepalive = 75
# Processes are renewed now and then, not all at once.
max_requests, max_requests_jitter = 5000, 500
control_socket_disable = True
# A busy disk must not look like a process that hangs.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108 - no file of ours
forwarded_allow_ips = os.environ.get("TRUSTED_PROXIES") or "127.0.0.1,::1"
# Requests are logged by alliance.core.logs, by route; gunicorn would write whole addresses.
accesslog = None

# Each process counts in a file of its own, and any of them can read all: see core/metrics.py. The
# folder lives as long as this master; a reload reads this file again and must find it.
if os.environ.get("METRICS_MASTER") != str(os.getpid()):
    os.environ["METRICS_MASTER"] = str(os.getpid())
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = tempfile.mkdtemp(prefix="alliance-metrics-")
slot = 0
# Files are named by seat, not by process: who follows goes on counting, and files do not pile up.
values.ValueClass = values.MultiProcessValue(lambda: slot)  # type: ignore[no-untyped-call]


def pre_fork(server: Any, worker: Any) -> None:
    """Give the new process the lowest free seat."""
    taken = {other.slot for other in server.WORKERS.values()}
    worker.slot = next(seat for seat in itertools.count(1) if seat not in taken)


def post_fork(server: Any, worker: Any) -> None:
    """Count from now on under the seat of this process."""
    global slot
    slot = worker.slot


def on_exit(server: Any) -> None:
    """The numbers end with the service."""
    shutil.rmtree(os.environ["PROMETHEUS_MULTIPROC_DIR"], ignore_errors=True)
