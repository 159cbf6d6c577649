"""Run programs: show each step in a line, keep its output for a failure, end what was started."""

import contextlib
import hashlib
import re
import signal
import subprocess
import sys
import time
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
RUN = ROOT / ".run"
NO_NETWORK = re.compile(
    r"getaddrinfo|name resolution|NewConnectionError|ConnectTimeout|ENOTFOUND|EAI_AGAIN|ETIMEDOUT"
    r"|ECONNREFUSED|Network is unreachable|Could not resolve|Temporary failure resolving"
)


class Problem(Exception):
    """Something the person at the keyboard can mend, said in one sentence."""


def call(command: Iterable[Any], env: dict[str, str] | None = None, **options: Any) -> int:
    """Run a program to its end and return its exit code; when this one is ended, so is it."""
    process = subprocess.Popen([str(word) for word in command], env=env, **options)
    with ended_after(process, signal.SIGINT):
        return process.wait()


@contextlib.contextmanager
def ended_after(process: subprocess.Popen[bytes], how: signal.Signals) -> Iterator[None]:
    """After the block ask the program to end, if it still runs, and insist after 20 seconds."""
    try:
        yield
    finally:
        if process.poll() is None:
            process.send_signal(how)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(20)
        if process.poll() is None:
            process.kill()
            process.wait()


def step(text: str, *command: Any, env: dict[str, str] | None = None, **options: Any) -> None:
    """Run one step of a set-up: say what it is and how long it took; its output goes to a log."""
    print(f"• {text} … ", end="", flush=True)
    began = time.monotonic()
    log = RUN / "log" / (re.sub(r"\W+", "-", text.lower()) + ".log")
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as out:
        quiet = {"stdin": subprocess.DEVNULL, "stdout": out, "stderr": subprocess.STDOUT}
        code = call(command, env, **quiet, **options)
    print("failed" if code else f"{time.monotonic() - began:.1f} s", flush=True)
    if code:
        said = log.read_text(errors="replace").strip() or f"exit code {code}"
        if NO_NETWORK.search(said):
            raise Problem(f"“{text}” needs the network, which cannot be reached (details: {log}).")
        raise Problem(f"“{text}” failed: {said.splitlines()[-1]} (details: {log})")


def once(stamp: Path, inputs: Iterable[Path], *work: Callable[[], None]) -> None:
    """Do the work unless these very files have been through it."""
    key = hashlib.sha256(sys.version.encode())
    for path in inputs:
        key.update(path.read_bytes())
    if not stamp.is_file() or stamp.read_text() != key.hexdigest():
        for job in work:
            job()
        stamp.write_text(key.hexdigest())


def private(path: Path, text: str) -> None:
    """Write a file that only its owner may read."""
    path.touch(mode=0o600)
    path.write_text(text)


def aligned(rows: list[dict[str, str]]) -> Iterator[str]:
    """Lay rows out as the lines of a table with headings."""
    lines = [list(row) for row in rows[:1]] + [list(row.values()) for row in rows]
    widths = [max(map(columns, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        cells = zip(line, widths, strict=True)
        yield "  ".join(cell + " " * (width - columns(cell)) for cell, width in cells).rstrip()


def columns(text: str) -> int:
    """How wide a terminal shows a text: a Chinese character takes two columns."""
    return sum(1 + (unicodedata.east_asian_width(character) in "WF") for character in text)
