"""Requests over a socket to a server of its own, as other systems send them."""

import http.client
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from socket import IPPROTO_TCP, TCP_NODELAY, socket
from urllib.parse import urlencode

_PATIENCE = 60


@contextmanager
def served() -> Iterator[http.client.HTTPConnection]:
    """A connection that is kept to one process of gunicorn, served as in the deployment."""
    with socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    command = ["gunicorn", "alliance.config.wsgi", "--config=alliance/config/gunicorn.py"]
    here = [f"--bind=127.0.0.1:{port}", "--workers=1", "--max-requests=0"]
    server = subprocess.Popen(
        [sys.executable, "-m", *command, *here],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield _connected(port)
    finally:
        server.terminate()
        server.wait()


def _connected(port: int) -> http.client.HTTPConnection:
    connection = http.client.HTTPConnection("127.0.0.1", port)
    ends = time.monotonic() + _PATIENCE
    while True:
        try:
            connection.connect()
            break
        except ConnectionRefusedError:
            if time.monotonic() > ends:
                raise
            time.sleep(0.2)
    connection.sock.setsockopt(IPPROTO_TCP, TCP_NODELAY, 1)
    return connection


def get(
    connection: http.client.HTTPConnection,
    path: str,
    asked: Mapping[str, str],
    headers: Mapping[str, str],
) -> tuple[int, bytes]:
    """Ask and read the answer: its status and body."""
    connection.request("GET", f"{path}?{urlencode(asked)}", headers=headers)
    answer = connection.getresponse()
    return answer.status, answer.read()
