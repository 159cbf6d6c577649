"""The entry script: small, self-sufficient, clear about what it cannot do."""

import ast
import re
import runpy
import socket
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DEV = ROOT / "dev"
OURS = [DEV, *sorted((ROOT / "tools").glob("*.py"))]


def dev(*args):
    return subprocess.run([sys.executable, DEV, *args], capture_output=True, text=True, timeout=60)


def test_entry_script_is_short():
    assert len(DEV.read_text().splitlines()) <= 300


def test_entry_script_is_read_by_old_pythons_to_the_message():
    ast.parse(DEV.read_text(), feature_version=(3, 6))


@pytest.mark.parametrize("path", OURS, ids=lambda path: path.name)
def test_only_the_standard_library_is_imported(path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and not node.level:
            names = [node.module]
        else:
            continue
        assert {name.split(".")[0] for name in names} <= {*sys.stdlib_module_names, "tools"}


def test_an_old_python_is_told_so_in_one_sentence(monkeypatch):
    monkeypatch.setattr(sys, "version_info", (3, 9, 18))
    with pytest.raises(SystemExit, match=r"^Python 3\.11 or newer is needed") as refused:
        runpy.run_path(str(DEV))
    assert "\n" not in str(refused.value)


def test_without_a_command_it_explains_itself():
    done = dev()
    assert done.returncode == 0
    for command in ("demo", "test", "check", "fix", "bench", "manage", "messages", "reset"):
        assert f"./dev {command}" in done.stdout


def test_an_unknown_command_is_an_error():
    assert dev("frobnicate").returncode == 1


def test_a_busy_port_is_said_before_anything_is_installed():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        done = dev("demo", "--port", str(port))
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.strip() == (
        f"Port {port} cannot be used (address already in use): name another with --port."
    )


def test_ci_runs_what_people_run():
    commands = [
        line
        for line in (ROOT / ".ci" / "run").read_text().splitlines()
        if line[:1] not in ("", "#")
    ]
    assert commands == ["set -eu", 'cd "$(dirname "$0")/.."', "exec ./dev test"]


def test_demo_runs_web_worker_and_beat():
    names = re.findall(r"^(\w+):", (ROOT / "Procfile.demo").read_text(), re.MULTILINE)
    assert names == ["web", "worker", "beat"]
