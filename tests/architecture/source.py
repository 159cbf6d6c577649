"""The project's own Python, read once, for tests that look at code instead of running it."""

import ast
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
APPS = ("alliance", "training", "equipment", "referrals", "qc")
SCRIPTS = ("bench", "tools")


@dataclass(frozen=True)
class Module:
    """One file: where it lies and what it says."""

    path: str
    text: str

    @property
    def tree(self):
        """Its syntax tree."""
        return _parsed(self.text)

    @property
    def parts(self):
        """Its folders and its name without the suffix: `referrals`, `actions`, `moving`."""
        return tuple(self.path.removesuffix(".py").split("/"))


@cache
def _parsed(text):
    return ast.parse(text)


def _in(folders):
    paths = [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]
    return [
        Module(str(path.relative_to(ROOT)), path.read_text())
        for path in paths
        if "migrations" not in path.parts
    ]


@cache
def apps():
    """Every module of the apps, without migrations."""
    return _in(APPS)


@cache
def everything():
    """The apps and the scripts around them."""
    scripts = [Module(name, (ROOT / name).read_text()) for name in ("dev", "manage.py")]
    return [*apps(), *_in(SCRIPTS), *scripts]


def where(module, node):
    """`path:line`, as editors open it."""
    return f"{module.path}:{node.lineno}"
